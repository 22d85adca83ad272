import Datasets
import Formats
import TestSupport
import Testing

@Suite struct SyntheticSourceTests {
    private func source(
        _ type: ElementType = .float32, _ shape: [Int] = [3], _ labels: SyntheticDefinition.Labels = .none,
        examples: Int = 10, seed: UInt64 = 1
    ) throws(DatasetError) -> SyntheticSource {
        try SyntheticSource(.init(type: type, shape: shape, labels: labels, examples: examples, seed: seed))
    }

    /// One array of a record.
    private func record(_ number: Int, _ element: Int = 0, of source: SyntheticSource) throws -> NDArray {
        let spec = source.layout.elements[element]
        var array = NDArray(zeros: spec.type, shape: spec.shape)
        try array.withUnsafeMutableBytes { try source.read(record: number, element: element, into: $0) }
        return array
    }

    @Test func recordsDependOnSeedAndNumberAlone() throws {
        let (short, long) = (try source(examples: 10), try source(examples: 1000))
        for number in 0..<10 {
            #expect(try record(number, of: short) == record(number, of: long))
            #expect(try record(number, of: short) != record(number, of: source(seed: 2)))
            #expect(try record(number, of: short) != record(number + 1, of: long))
        }
        // An array begins as a shorter one does, and a label is not the features again.
        #expect(try record(3, of: source(.uint8, [9])).bytes.prefix(4) == record(3, of: source(.uint8, [4])).bytes[...])
        let twice = try source(.uint8, [9], .array(type: .uint8, shape: [9]))
        #expect(try record(3, 1, of: twice) != record(3, 0, of: twice))
    }

    /// Uniform in [0, 1) for fractions, below 256 for whole numbers as far as the type goes, spread over all of it.
    @Test func numbersAreUniform() throws {
        for type in ElementType.allCases {
            let values = try record(0, of: source(type, [4000])).doubles
            let (end, mean): (Double, Double) =
                switch type {
                case .float16, .bfloat16, .float32, .float64: (1, 0.5)
                case .bool: (2, 0.5)
                case .int8: (128, 63.5)
                default: (256, 127.5)
                }
            #expect(values.allSatisfy { 0..<end ~= $0 }, "\(type)")
            // Six standard deviations of the mean of 4,000 uniform numbers; those of a bool deviate further.
            let deviation = (type == .bool ? 0.5 : end / 12.0.squareRoot()) / 4000.0.squareRoot()
            #expect(abs(values.reduce(0, +) / 4000 - mean) < 6 * deviation, "\(type)")
            #expect(Set(values).count > (type == .bool ? 1 : 100), "\(type)")
        }
    }

    @Test func classesAreFromZeroToBelowTheirNumber() throws {
        let seed = UInt64.random(in: 0 ... .max)
        print("labels of seed \(seed)")
        let labels = try source(labels: 7, seed: seed)
        #expect(labels.layout.elements[1] == ElementSpec(name: "labels", type: .int32, shape: []))
        let numbers = try (0..<300).map { try record($0, 1, of: labels).elements(as: Int32.self)[0] }
        #expect(Set(numbers) == Set(0..<7), "seed \(seed)")
        let one = try source(labels: 1, seed: seed)
        #expect(try (0..<20).allSatisfy { try record($0, 1, of: one).bytes == [0, 0, 0, 0] })
        let most = try source(labels: Int(Int32.max), seed: seed)
        #expect(try record(0, 1, of: most).elements(as: Int32.self)[0] >= 0)
    }

    private func source(labels classes: Int, seed: UInt64) throws -> SyntheticSource {
        try source(.float32, [1], .classes(classes), examples: 300, seed: seed)
    }

    /// A look sees the first thousand labels: those that reading gives.
    @Test func aLookSeesTheFirstLabels() throws {
        for (examples, seen) in [(5, 5), (1000, 1000), (3000, 1000)] {
            let definition = SyntheticDefinition(
                type: .float32, shape: [1], labels: .classes(10), examples: examples, seed: 3)
            let pipeline = InputPipeline(source: .synthetic(definition), dropRemainder: false)
            let sample = try #require(try pipeline.check(DataRoots([])).labels)
            #expect(sample.values.shape == [seen])
            let read = try #require(try pipeline.open(DataRoots([])).batches(ofSize: seen).next())
            #expect(read[1] == sample.values)
        }
    }

    @Test func whatMakesNoSenseIsRefused() throws {
        let shape = "must be a list of positive numbers whose array fits in 1 GiB, not"
        func said(_ make: @autoclosure () throws(DatasetError) -> SyntheticSource) -> String? {
            do {
                _ = try make()
                return nil
            } catch {
                #expect(error.code == .invalidDefinition)
                return "\(error.pointer): \(error.detail)"
            }
        }
        #expect(
            said(try source(examples: 0)) == "/source/synthetic/examples: must be a positive whole number, not 0")
        #expect(said(try source(examples: -1))?.hasSuffix("not -1") == true)
        for wrong in [[0], [-1], [2, 0], [.max, .max], [1 << 28 + 1]] {
            #expect(said(try source(.float32, wrong)) == "/source/synthetic/features/shape: \(shape) \(wrong)")
            #expect(
                said(try source(.uint8, [1], .array(type: .float32, shape: wrong)))
                    == "/source/synthetic/labels/shape: \(shape) \(wrong)")
        }
        #expect(said(try source(.float32, [1 << 28])) == nil)
        #expect(said(try source(.float32, [])) == nil)
        for wrong in [0, -1, 1 << 31, .max] {
            #expect(
                said(try source(.float32, [1], .classes(wrong)))
                    == "/source/synthetic/labels/classes: must be a positive whole number of 32 bits, not \(wrong)")
        }
        #expect(said(try source(.float32, [1], .classes(1 << 31 - 1))) == nil)
    }

    @Test func aRecordHasItsArrays() throws {
        let both = try source(.int16, [2], .array(type: .float64, shape: []), examples: 4)
        #expect(both.count == 4 && both.layout.featureCount == 1)
        #expect(both.layout.elements.map(\.name) == ["features", "labels"])
        #expect(try source().layout.elements.map(\.name) == ["features"])
        #expect(try record(0, of: source(.float64, [])).shape == [])
    }
}
