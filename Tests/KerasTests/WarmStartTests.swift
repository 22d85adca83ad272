import Datasets
import Estimator
import Executor
import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct WarmStartTests {
    private static let kernel = NDArray([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    private static let bias = NDArray([7, 8, 9] as [Float])

    /// The faults of a job that starts from these tensors.
    private func faults(_ tensors: OrderedDictionary<String, NDArray>, model: JSON? = nil) throws -> [String] {
        try faults(of: Safetensors(tensors: tensors).serialized(), model: model)
    }

    private func faults(of bytes: [UInt8], model: JSON? = nil, path: JSON = "w.safetensors") throws -> [String] {
        let folder = try TemporaryDirectory()
        try folder.write("w.safetensors", bytes)
        var job = SmallJob.with("warm_start_from", ["path": path])
        job.roots = DataRoots([folder.path])
        if let model { job.spec["model"] = model }
        return job.faults
    }

    private static let pointer = "/warm_start_from/path"

    @Test func aFileThatFitsIsTaken() throws {
        #expect(try faults(["dense/kernel": Self.kernel, "dense/bias": Self.bias]) == [])
        // What the model does not have is left alone.
        #expect(try faults(["dense/kernel": Self.kernel, "dense/bias": Self.bias, "x": Self.bias]) == [])
    }

    @Test func whatIsMissingIsTold() throws {
        #expect(
            try faults(["dense/kernel": Self.kernel]) == [
                "\(Self.pointer): w.safetensors lacks \"dense/bias\" of the model's variables; it holds \"dense/kernel\""
            ])
        #expect(
            try faults(["dense/kernel:0": Self.kernel, "dense/bias:0": Self.bias]) == [
                "\(Self.pointer): w.safetensors lacks \"dense/kernel\", \"dense/bias\" of the model's variables; it holds "
                    + "\"dense/bias:0\", \"dense/kernel:0\"; take the \":0\" off the names in the file"
            ])
    }

    @Test func whatHasAnotherShapeOrTypeIsTold() throws {
        let wrong = NDArray([1, 2, 3, 4, 5, 6] as [Double], shape: [2, 3])
        #expect(
            try faults(["dense/kernel": wrong, "dense/bias": Self.kernel]) == [
                "\(Self.pointer): w.safetensors holds \"dense/kernel\" as float64 [2, 3], but the model has it as float32 "
                    + "[2, 3]",
                "\(Self.pointer): w.safetensors holds \"dense/bias\" as float32 [2, 3], but the model has it as float32 [3]",
            ])
    }

    /// Ten names and twenty differences are told, and how many more there are.
    @Test func longListsAreCut() throws {
        let layers = (0..<12).map { _ in ["Dense": ["units": 2]] as JSON } + [["Dense": ["units": 3]]]
        let few = try faults([:], model: .array(layers))
        #expect(few.count == 1)
        #expect(few[0].hasPrefix("\(Self.pointer): w.safetensors lacks \"dense/kernel\", \"dense/bias\", "))
        #expect(few[0].contains("\"dense_4/bias\" and 16 more of the model's variables; it holds "))

        var tensors: OrderedDictionary<String, NDArray> = [:]
        for place in 0..<11 {
            let name = place == 0 ? "dense" : "dense_\(place)"
            tensors["\(name)/kernel"] = Self.bias
            tensors["\(name)/bias"] = Self.bias
        }
        // 22 of another shape and four that are missing, which are told in one sentence.
        let many = try faults(tensors, model: .array(layers))
        #expect(many.count == 21)
        #expect(many.first?.contains("lacks \"dense_11/kernel\", \"dense_11/bias\", \"dense_12/kernel\"") == true)
        #expect(many.last == "\(Self.pointer): w.safetensors differs in 3 more variables")
    }

    @Test func theFileIsOneOfTensors() throws {
        let noFile = try faults(of: [], path: "none.safetensors")
        #expect(noFile == ["\(Self.pointer): none.safetensors does not exist under the data roots"])
        for bytes in [[], [1, 2, 3], Array("a,b\n1,2\n".utf8)] as [[UInt8]] {
            let found = try faults(of: bytes)
            #expect(found.count == 1 && found[0].hasPrefix("\(Self.pointer): w.safetensors: "), "\(found)")
        }
    }

    /// A null is as good as nothing: without a path there is nothing to start from.
    @Test func thePathIsRequired() {
        #expect(SmallJob.with("warm_start_from", [:]).faults == ["\(Self.pointer): is required"])
        #expect(SmallJob.with("warm_start_from", ["job": nil]).faults == ["\(Self.pointer): is required"])
        #expect(SmallJob.with("warm_start_from", nil).faults == [])
    }

    /// The file may change between submit and start: what no longer fits is told in the same words.
    @Test func aFileThatHasChangedIsRefusedAtTheStart() throws {
        let folder = try TemporaryDirectory()
        let roots = DataRoots([folder.path])
        var job = SmallJob.with("warm_start_from", ["path": "w.safetensors"])
        job.roots = roots
        func write(_ tensors: OrderedDictionary<String, NDArray>) throws {
            try folder.write("w.safetensors", Safetensors(tensors: tensors).serialized())
        }
        try write(["dense/kernel": Self.kernel, "dense/bias": Self.bias])
        let definition = try #require(job.definition)
        func start() throws {
            _ = try definition.estimator(
                modelDirectory: folder.path + "/model", lock: nil, roots: roots, execution: ExecutionOptions(),
                observer: nil)
        }
        try start()
        try write(["dense/kernel": Self.kernel, "dense/bias": Self.kernel])
        let error = #expect(throws: DatasetError.self) { try start() }
        #expect(error?.code == .mismatch)
        #expect(
            error?.detail
                == "w.safetensors holds \"dense/bias\" as float32 [2, 3], but the model has it as float32 [3]")
    }
}
