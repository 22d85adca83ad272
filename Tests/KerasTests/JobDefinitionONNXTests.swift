import Datasets
import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

/// What of a job is in its file of ONNX; what programs make of it is tested on the real binary.
@Suite struct JobDefinitionONNXTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func definition(_ model: JSON) throws -> JobDefinition {
        var job = SmallJob()
        job.spec["model"] = model
        return try #require(job.definition, "\(job.faults)")
    }

    private func save(_ variables: OrderedDictionary<String, NDArray>, step: Int) throws {
        _ = try CheckpointStore(modelDirectory: folder.path).save(
            Checkpoint(
                step: step, variables: variables.map { NamedArray(name: $0.key, array: $0.value) }, slots: [],
                state: SavedState(globalStep: step, consumedBatches: step, seed: 0)), reason: .interval)
    }

    /// The outputs have the layers' names and the variables their values.
    @Test func namesAndValues() throws {
        let job = try definition([["Dense": ["units": 3, "input_shape": [2], "name": "scores"]]])
        try save(
            [
                "scores/kernel": NDArray([Float](repeating: 2, count: 6), shape: [2, 3]),
                "scores/bias": NDArray([1, 2, 3] as [Float]),
            ], step: 4)
        let bytes = try job.onnxModel(modelDirectory: folder.path, step: 4)
        #expect(try job.onnxModel(modelDirectory: folder.path, step: 4) == bytes)
        let graph = try ProtobufMessage(bytes).message(7)
        #expect(try graph.message(12).text(1) == "scores")
        let tensors = try graph.bytes(5).map { try ProtobufMessage($0) }
        let bias = try #require(tensors.first { $0.text(8) == "scores/bias" })
        #expect(bias.bytes(9) == [NDArray([1, 2, 3] as [Float]).bytes])
    }

    @Test func whatIsMissing() throws {
        let job = try definition([["Dense": ["units": 3, "input_shape": [2]]]])
        func words(_ step: Int) -> String {
            do {
                _ = try job.onnxModel(modelDirectory: folder.path, step: step)
                return ""
            } catch { return "\(error)" }
        }
        #expect(words(4) == "the checkpoint of step 4 is not there, or is damaged")
        try save(["dense/kernel": NDArray([Float](repeating: 2, count: 6), shape: [2, 3])], step: 5)
        #expect(words(5) == "layer dense has no value of its variable dense/bias")
    }
}
