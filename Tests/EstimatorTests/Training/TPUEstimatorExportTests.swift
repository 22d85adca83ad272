import Estimator
import Formats
import Graph
import Testing

@Suite struct TPUEstimatorExportTests {
    /// Twice the features, scaled by a variable that a checkpoint has.
    private func estimator(
        _ folder: TemporaryFolder, files: any CheckpointFiles = POSIXCheckpointFiles(), step: Int = 12,
        start: NDArray? = NDArray([Float(2)], shape: [])
    ) throws -> TPUEstimator {
        try TPUEstimator(
            modelFunction: { features, _, mode, _, builder in
                let x = try #require(features["x"])
                let scale = builder.variable("scale", initializer: .zeros)
                return TPUEstimatorSpec(
                    mode: mode, predictions: ["twice": x * scale.value],
                    exportOutputs: ["sum": (x * scale.value).reduceSum(axes: [1]), "all": x.reduceSum()])
            },
            config: RunConfig(modelDirectory: folder.path), params: ModelParameters(), useTPU: false,
            trainBatchSize: nil, evalBatchSize: nil, execution: .reference, observer: nil,
            startingPoint: StartingPoint(variables: start.map { ["scale": $0] } ?? [:], globalStep: step),
            checkpointFiles: files)
    }

    private var input: GivenInput {
        GivenInput(features: .named(["x": TensorType(.float32, [2])]), labels: nil) { _, _ in
            Issue.record("an export reads no row")
            return nil
        }
    }

    @Test func whatIsWritten() throws {
        let folder = try TemporaryFolder()
        let path = try estimator(folder).exportModel(to: "\(folder.path)/a/models", input: input)
        #expect(path == "\(folder.path)/a/models/12")
        #expect(try folder.names("a/models/12") == ["model.json", "model.safetensors"])
        let bytes = try folder.bytes("a/models/12/model.safetensors")
        #expect(try Safetensors(parsing: bytes).tensors == ["scale": NDArray([Float(2)], shape: [])])
        let description = try JSON(parsing: try folder.bytes("a/models/12/model.json"))
        let expected: JSON = [
            "version": 1, "global_step": 12,
            "inputs": [["name": "x", "type": "float32", "shape": [nil, 2]]],
            "outputs": [
                ["name": "sum", "type": "float32", "shape": [nil]], ["name": "all", "type": "float32", "shape": []],
            ],
            "variables": [["name": "scale", "type": "float32", "shape": []]],
            "files": [
                [
                    "name": "model.safetensors", "bytes": JSON(bytes.count),
                    "sha256": JSON(SHA256Digest.hex(of: bytes)),
                ]
            ],
        ]
        #expect(description == expected)
    }

    /// A training's checkpoint, by its step or the newest; a second export takes the place of the first.
    @Test func ofACheckpoint() throws {
        let folder = try TemporaryFolder()
        let model = SmallModel(iterations: 5, saveSteps: 5)
        try model.estimator(folder).train(input: SmallModel.array(), maxSteps: 10)
        let base = SmallModel().modelFunction
        let estimator = try TPUEstimator(
            modelFunction: { features, labels, mode, params, builder in
                var spec = try base(features, labels, mode, params, builder)
                spec.predictions = ["classes": try #require(features.only).argMax()]
                return spec
            }, config: RunConfig(modelDirectory: folder.path), params: ModelParameters(["classes": .int(3)]),
            trainBatchSize: 16, execution: .reference)
        let target = "\(folder.path)/models"
        for _ in 0..<2 {
            #expect(try estimator.exportModel(to: target, input: SmallModel.array(), checkpoint: 5) == "\(target)/5")
            #expect(try estimator.exportModel(to: target, input: SmallModel.array()) == "\(target)/10")
        }
        #expect(try folder.names("models") == ["10", "5"])
        for step in [5, 10] {
            #expect(
                try folder.bytes("models/\(step)/model.safetensors")
                    == (try folder.bytes("checkpoints/\(step)/model.safetensors")))
        }
        // Without outputs for export the predictions are what the model gives.
        let description = try JSON(parsing: try folder.bytes("models/5/model.json"))
        #expect(description["outputs"] == [["name": "classes", "type": "int64", "shape": [nil]]])
        #expect(description["inputs"] == [["name": "features", "type": "float32", "shape": [nil, 6]]])
    }

    @Test func refusals() throws {
        let folder = try TemporaryFolder()
        #expect(throws: TrainingError.variableMissing(name: "scale")) {
            try estimator(folder, start: nil).exportModel(to: folder.path, input: input)
        }
        #expect(
            throws: TrainingError.variableMismatch(name: "scale", found: "float32 [1]", expected: "float32 []")
        ) { try estimator(folder, start: NDArray([Float(2)])).exportModel(to: folder.path, input: input) }
        var empty = input
        empty.ownBatchSize = 0
        #expect(throws: EstimatorError.notPositive(name: "batch_size", value: 0)) {
            try estimator(folder).exportModel(to: folder.path, input: empty)
        }
        #expect(throws: TrainingError.noCheckpoint) {
            try SmallModel().estimator(folder).exportModel(to: folder.path, input: SmallModel.array())
        }
        #expect(try folder.names().isEmpty)
    }

    /// Whatever effect fails, there is a whole model or none of that name.
    @Test func aFailureLeavesNoPart() throws {
        for effects in 0... {
            let folder = try TemporaryFolder()
            let files = FailingFiles(effects: effects)
            let isExported = (try? estimator(folder, files: files).exportModel(to: folder.path, input: input)) != nil
            let names = try folder.names().filter { !$0.hasPrefix(".") }
            if !names.isEmpty { #expect(try folder.names("12") == ["model.json", "model.safetensors"]) }
            if isExported { break }
        }
    }
}
