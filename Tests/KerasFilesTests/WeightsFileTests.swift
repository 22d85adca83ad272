import Formats
import KerasFiles
import OrderedCollections
import TestSupport
import Testing

@Suite struct WeightsFileTests {
    private func open(_ name: String) throws -> WeightsFile {
        try WeightsFile(OpenFile(path: KerasFixture.path(name)))
    }

    private func failure(_ bytes: [UInt8]) throws -> FormatError? {
        let file = try TemporaryFile(bytes)
        do throws(FormatError) {
            _ = try WeightsFile(OpenFile(path: file.path))
            return nil
        } catch {
            return error
        }
    }

    @Test func layersAreFoundByTheirPlaces() throws {
        for name in ["wide3.keras", "wide2.keras"] {
            let file = try open(name)
            #expect(file.orderedLayers == nil)
            #expect(file.entries["layers/sequential/layers/dense/vars/0"]?.shape == [3, 2])
            #expect(file.entries["layers/gru/cell/vars/2"]?.type == .float32)
            let numbers = try #require(try file.floats("layers/dense_1/vars/1"))
            #expect(numbers.shape == [1] && numbers.doubles.allSatisfy { (0.25...1.25).contains($0) })
            #expect(try file.floats("layers/none/vars/0") == nil)
        }
    }

    @Test func weightsOfKeras2AreInOrder() throws {
        let file = try open("narrow2.h5")
        let layers = try #require(file.orderedLayers)
        #expect(layers.map(\.weights.count) == [2, 6, 4, 2])
        #expect(layers[1].name == "frozen")
        #expect(
            layers[1].weights.map { $0.split(separator: "/").last ?? "" }.suffix(2) == [
                "moving_mean:0", "moving_variance:0",
            ])
        #expect(try layers.flatMap(\.paths).allSatisfy { try file.floats($0) != nil })
        #expect(file.entries.keys.allSatisfy { !$0.contains("optimizer") })
    }

    @Test func whatIsNotSuchAFileIsTold() throws {
        #expect(try failure(Array("a,b\n".utf8))?.detail == "is not a .keras or .h5 file")
        #expect(
            try failure([0x89, 0x50, 0x4E, 0x47, 1, 2, 3])?.detail == "is a PNG picture, not a .keras or .h5 file")
        let whole = try KerasFixture.bytes("narrow3.weights.h5")
        #expect(try failure(Array(whole.prefix(600)))?.code == .malformed)
        let archive = try KerasFixture.bytes("wide3.keras")
        #expect(
            try failure(Array(archive.prefix(3000)))?.detail.hasPrefix("is not a zip archive that can be read") == true)
    }

    @Test func otherArchivesAreTold() throws {
        let file = try TemporaryFile()
        try KerasArchive.write(to: file.path, model: [:], arrays: [])
        #expect(try WeightsFile(OpenFile(path: file.path)).entries.isEmpty)
        // The name of the weights' file, wherever the archive has it.
        var bytes = [UInt8](try OpenFile(path: file.path).contents())
        for place in bytes.indices where bytes[place...].starts(with: Array("model.weights.h5".utf8)) {
            bytes[place] = UInt8(ascii: "M")
        }
        #expect(try failure(bytes)?.detail == "is a zip archive without model.weights.h5: not a .keras file")
    }

    /// Damaged archives give a value or a typed error. Only what libzip and this code read is damaged here: libhdf5 may not
    /// survive any damage, which is why it reads files of others in processes of their own (docs/threat-model.md).
    @Test(arguments: 0..<10 as Range<UInt64>) func damagedArchivesAreErrors(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let whole = try KerasFixture.bytes("wide3.keras")
        for _ in 0..<40 {
            var bytes = whole
            for _ in 0..<(1 + random.below(4)) {
                bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.below(4) == 0 { bytes.removeLast(random.below(bytes.count)) }
            let file = try TemporaryFile(bytes)
            // The checksum has seen that nothing of it was touched.
            guard let model = try? KerasArchive.model(of: OpenFile(path: file.path)) else { continue }
            #expect(model["class_name"] == "Functional", "seed \(seed)")
        }
    }
}
