import Datasets
import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct InputDefinitionTests {
    private static func synthetic(_ features: JSON, labels: JSON = ["classes": 3], examples: Int = 12) -> JSON {
        ["synthetic": ["features": features, "labels": labels, "examples": JSON(examples)]]
    }

    private static func input(_ source: JSON, _ more: JSON = [:]) throws -> any InputFunction {
        var job = SmallJob.training(source)
        for (name, value) in more.object ?? [:] { job.spec["train"]?["input"]?[name] = value }
        let definition = try #require(job.definition, "\(job.faults)")
        return try #require(try definition.trainingInput(DataRoots([])))
    }

    /// What is said of the input reaches who feeds the device.
    @Test func theInputSaysWhatItGives() throws {
        let plain = try Self.input(Self.synthetic(["shape": [2]]))
        #expect(plain.features.only == TensorType(.float32, Shape([2])))
        #expect(plain.labels?.only == TensorType(.int32, Shape([])))
        #expect(plain.ownBatchSize == 4)
        #expect(plain.recordCount == nil)
        #expect(plain.stepsAhead == 2)
        #expect(!plain.dropsRemainder)
        let other = try Self.input(
            Self.synthetic(["shape": [1, 2], "dtype": "uint8"]),
            ["repeat": 5, "prefetch": 7, "drop_remainder": true, "map": [["cast": "float64"], ["reshape": [2]]]])
        #expect(other.features.only == TensorType(.float64, Shape([2])))
        #expect(other.recordCount == 60)
        #expect(other.stepsAhead == 7)
        #expect(other.dropsRemainder)
    }

    /// More records than can be counted are as good as without end.
    @Test func manyRecordsAreWithoutEnd() throws {
        let source = Self.synthetic(["shape": [2]], examples: 4_294_967_294)
        #expect(try Self.input(source, ["repeat": 2_000_000_000]).recordCount == 8_589_934_588_000_000_000)
        #expect(try Self.input(source, ["repeat": 3_000_000_000]).recordCount == nil)
    }

    static let types: [(name: String, type: DType?)] = [
        ("bool", .bool), ("uint8", .uint8), ("int8", .int8), ("uint16", .uint16), ("int16", .int16), ("int32", .int32),
        ("int64", .int64), ("float32", .float32), ("float64", .float64), ("uint32", nil), ("uint64", nil),
        ("float16", nil), ("bfloat16", nil),
    ]

    /// Types that models take, and those that the map has to cast first.
    @Test(arguments: types.indices) func typesAreThoseOfTheGraph(_ index: Int) throws {
        let (name, type) = Self.types[index]
        let source = Self.synthetic(["shape": [2]])
        let map: JSON = ["map": [["cast": JSON(name)]]]
        guard let type else {
            var job = SmallJob.training(source)
            job.spec["train"]?["input"]?["map"] = [["cast": JSON(name)]]
            #expect(
                job.faults == [
                    "/train/input/map: has to cast features from \(name) to a type that models take: bool, uint8, int8, "
                        + "uint16, int16, int32, int64, float32 or float64"
                ])
            return
        }
        #expect(try Self.input(source, map).features.only?.dtype == type)
    }

    /// The rows that a thread asks for, from the batch on that it asks for.
    @Test func aThreadGetsItsRows() throws {
        let folder = try TemporaryDirectory()
        let numbers = (0..<12).map { Float($0) }
        try folder.write(
            "d.safetensors",
            Safetensors(tensors: [
                "x": NDArray(numbers, shape: [6, 2]), "y": NDArray([0, 1, 2, 0, 1, 2] as [Int32]),
            ]).serialized())
        var job = SmallJob.training(
            ["safetensors": ["path": "d.safetensors", "features": "x", "labels": "y"]], roots: DataRoots([folder.path]))
        job.spec["train"]?["input"]?["repeat"] = 1
        job.spec["train_batch_size"] = 2
        let definition = try #require(job.definition)
        let input = try #require(try definition.trainingInput(job.roots))
        let iterator = try input.makeIterator(
            InputRequest(
                mode: .train, params: ModelParameters(), globalBatchSize: 2, rows: 1..<2, firstBatch: 1,
                dropRemainder: true))
        var features = [Float](repeating: -1, count: 2)
        var labels = [Int32](repeating: -1, count: 1)
        var read: [Int?] = []
        var seen: [Float] = []
        for _ in 0..<3 {
            // The buffers are the test's own, valid for the call.
            let count = try features.withUnsafeMutableBytes { x in
                try labels.withUnsafeMutableBytes { y in unsafe try iterator.next(into: [x, y]) }
            }
            read.append(count)
            if count != nil { seen += features + labels.map { Float($0) } }
        }
        #expect(read == [1, 1, nil])
        #expect(seen == [6, 7, 0, 10, 11, 2])
    }
}
