import Datasets
import Estimator
import Formats
import Graph
import OrderedCollections
import Testing

/// A softmax regression of 6 numbers on 3 classes, and its inputs: small enough for the executor that is the definition.
struct SmallModel {
    var optimizer: any Optimizer = KerasSGD(learningRate: 0.2, momentum: 0.9)
    var isSharded = true
    var shards = 8
    var trainBatchSize = 16
    var evalBatchSize: Int? = 8
    var useTPU = true
    var iterations = 4
    /// In place of ``iterations``.
    var seconds: Int?
    var saveSteps: Int? = 10
    var keepMax = 5
    var perHost = true
    /// In place of ``perHost``.
    var inputPipeline: InputPipelineConfig?
    var seed: UInt64 = 3
    var hosts: Int?
    var threads = 1
    var under = ExecutorUnderTest.reference
    var startingPoint: StartingPoint?
    var files: any CheckpointFiles = POSIXCheckpointFiles()
    var demandsWholeInput = false

    static let rows = 50

    func estimator(_ folder: TemporaryFolder, _ observer: any TrainingObserver = Record()) throws -> TPUEstimator {
        try TPUEstimator(
            modelFunction: modelFunction,
            config: RunConfig(
                tpuConfig: try TPUConfig(
                    iterationsPerLoop: seconds == nil ? iterations : nil, secondsPerLoop: seconds, numShards: shards,
                    perHostInputForTraining: perHost, inputPipeline: inputPipeline, tpuJobName: nil),
                modelDirectory: folder.path, randomSeed: seed, saveCheckpointsSteps: saveSteps,
                keepCheckpointMax: keepMax),
            params: ModelParameters(["classes": .int(3)]), useTPU: useTPU, trainBatchSize: trainBatchSize,
            evalBatchSize: evalBatchSize, execution: under.execution(hosts: hosts, threads: threads),
            observer: observer, startingPoint: startingPoint, checkpointFiles: files,
            demandsWholeInput: demandsWholeInput
        )
    }

    var modelFunction: ModelFunction {
        { [optimizer, isSharded] features, labels, mode, params, builder in
            guard case .int(let classes)? = params["classes"] else { throw TestFailure("no params") }
            let x = try #require(features.only)
            // A short last batch on the CPU has fewer rows.
            if mode == .train { try #require(x.shape[0] <= params.batchSize ?? 0) }
            let kernel = builder.variable("dense/kernel", shape: [6, classes])
            let bias = builder.variable("dense/bias", shape: [classes], initializer: .zeros)
            let logits = x.matmul(kernel.value) + bias.value
            let labels = try #require(labels?.only)
            let loss = Losses.sparseSoftmaxCrossEntropy(labels: labels, logits: logits)
            let used: any Optimizer = isSharded ? CrossShardOptimizer(optimizer) : optimizer
            return TPUEstimatorSpec(
                mode: mode, loss: loss, trainOp: mode == .train ? try used.minimize(loss) : nil,
                evalMetrics: EvalMetrics(
                    tensors: ["labels": labels, "logits": logits],
                    metrics: [.sparseCategoricalAccuracy(labels: "labels", scores: "logits")]))
        }
    }

    /// Shuffled rows from a seed.
    static func shuffled(repeats: Int? = nil) throws -> ShuffledInput {
        try ShuffledInput(
            InputPipeline(
                source: .synthetic(
                    SyntheticDefinition(type: .float32, shape: [6], labels: .classes(3), examples: rows, seed: 9)),
                shuffle: InputPipeline.Shuffle(bufferSize: 20, seed: 4), repeatCount: repeats
            ).open(DataRoots([])))
    }

    /// The rows of ``array(repeats:)``.
    static let features: [Float] = (0..<(rows * 6)).map { Float(($0 * 37) % 101) / 50 - 1 }
    /// Their classes.
    static let classes: [Int32] = (0..<rows).map { Int32(($0 * 7) % 3) }

    /// Rows in order; the closure is called before each batch.
    static func array(
        repeats: Int? = nil, features: [Float] = SmallModel.features,
        onBatch: @escaping @Sendable (Int) throws -> Void = { _ in }
    ) -> ArrayInput {
        ArrayInput(
            NDArray(features, shape: [rows, 6]), labels: NDArray(classes), repeats: repeats, onBatch: onBatch)
    }
}

extension TemporaryFolder {
    /// The bytes of a checkpoint's two files of arrays.
    func arrays(at step: Int) throws -> [[UInt8]] {
        [
            try bytes("checkpoints/\(step)/model.safetensors"),
            try bytes("checkpoints/\(step)/optimizer.safetensors"),
        ]
    }
}
