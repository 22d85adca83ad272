import Datasets
import Estimator
import Executor
import Formats
import Foundation
import Keras
import OrderedCollections

/// A job as users write it, trained by the estimator with its input pipeline: shuffled and fed by the host's own thread.
final class JobLoop {
    /// The two models of the engine's targets.
    enum Model {
        /// 64-128-64-10 on the digits of `docs/examples`, batch 128, momentum.
        case digits
        /// 784-512-512-10 on 60,000 synthetic images, batch 1024, Adam.
        case large

        var name: String {
            self == .digits ? "digits MLP 64-128-64-10, batch 128" : "MLP 784-512-512-10, batch 1024, Adam"
        }
        var widths: [Int] { self == .digits ? [64, 128, 64, 10] : [784, 512, 512, 10] }
        var batch: Int { self == .digits ? 128 : 1_024 }
        /// Steps of a device loop; a round is four of them, of which the first warms up.
        var iterations: Int { self == .digits ? 500 : 8 }

        var source: JSON {
            self == .digits
                ? [
                    "idx": [
                        "features": "digits/train-images-idx3-ubyte", "labels": "digits/train-labels-idx1-ubyte",
                    ]
                ]
                : [
                    "synthetic": [
                        "features": ["shape": [784], "dtype": "float32"], "labels": ["classes": 10],
                        "examples": 60_000, "seed": 1,
                    ]
                ]
        }

        func job(shards: Int) -> JSON {
            var layers: [JSON] = [["Flatten": [:]]]
            layers += widths[1...].dropLast().map { ["Dense": ["units": JSON($0), "activation": "relu"]] }
            layers.append(["Dense": ["units": 10]])
            return [
                "mode": "train", "train_batch_size": JSON(batch),
                "tpu_config": ["num_shards": JSON(shards), "iterations_per_loop": JSON(iterations)],
                "run_config": ["save_checkpoints_steps": 1_000_000_000], "model": .array(layers),
                "loss": ["SparseCategoricalCrossentropy": ["from_logits": true]],
                "optimizer": self == .digits ? ["SGD": ["learning_rate": 0.01, "momentum": 0.9]] : "adam",
                "train": [
                    "max_steps": 1_000_000_000,
                    "input": [
                        "source": source, "map": self == .digits ? [["cast": "float32"], ["scale": 0.0625]] : [],
                        "shuffle": ["buffer_size": 10_000],
                    ],
                ],
            ]
        }
    }

    /// A job that can't be measured.
    struct Failure: Error {
        let faults: [SpecError]
    }

    let name: String
    let shards: Int
    /// Of all matrix products of a step; the first layer passes nothing back.
    let flops: Int
    private let estimator: TPUEstimator
    private let input: any InputFunction
    private let steps: Int
    private let times: LoopTimes
    private let folder: URL

    convenience init(_ model: Model, shards: Int, threads: Int, data: String) throws {
        let layers = zip(model.widths, model.widths.dropFirst()).map { 2 * model.batch * $0 * $1 }
        try self.init(
            model.job(shards: shards), name: model.name, shards: shards, iterations: model.iterations,
            flops: 3 * layers.reduce(0, +) - layers[0], execution: ExecutionOptions(threads: threads),
            roots: DataRoots([data]))
    }

    /// A job by its document, with the operations of one of its steps.
    init(
        _ document: JSON, name: String, shards: Int, iterations: Int, flops: Int, execution: ExecutionOptions,
        roots: DataRoots
    ) throws {
        self.name = name
        self.shards = shards
        self.flops = flops
        times = LoopTimes(iterations: iterations)
        let faults = SpecErrors()
        guard let job = JobDefinition.read(document, roots: roots, faults: faults),
            let input = try job.trainingInput(roots)
        else { throw Failure(faults: faults.all) }
        self.input = input
        folder = URL.temporaryDirectory.appending(path: "tpud-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        estimator = try job.estimator(
            modelDirectory: folder.path, lock: nil, roots: roots, execution: execution, observer: times)
        steps = 4 * iterations
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Trains for one round and gives the time of a step over its device loops, the first left out.
    func secondsPerStep() throws -> Double {
        times.reset()
        try estimator.train(input: input, steps: steps, dataStart: .checkpoint)
        return times.seconds.reduce(0, +) / Double(times.seconds.count)
    }
}
