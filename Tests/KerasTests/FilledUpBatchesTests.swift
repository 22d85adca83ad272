import Datasets
import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

/// Last batches that are not full, on the TPU: they are filled up, and what fills them up counts nowhere.
@Suite struct FilledUpBatchesTests {
    private let data: TemporaryDirectory
    private let model: TemporaryDirectory
    private let lock: ModelDirectoryLock

    init() throws {
        data = try TemporaryDirectory()
        model = try TemporaryDirectory()
        lock = try #require(try ModelDirectoryLock(modelDirectory: model.path))
        func numbers(_ count: Int, _ shape: [Int], from start: Float = -1) -> NDArray {
            NDArray((0..<count).map { start + Float(($0 * 37) % 64) / 32 }, shape: shape)
        }
        try data.write(
            "w.safetensors",
            Safetensors(tensors: [
                "dense/kernel": numbers(32, [4, 8]), "dense/bias": numbers(8, [8]),
                "batch_normalization/gamma": numbers(8, [8], from: 0.5), "batch_normalization/beta": numbers(8, [8]),
                "batch_normalization/moving_mean": numbers(8, [8]),
                "batch_normalization/moving_variance": numbers(8, [8], from: 0.25),
                "dense_1/kernel": numbers(24, [8, 3]), "dense_1/bias": numbers(3, [3]),
            ]).serialized())
    }

    private func attempt(_ change: (inout JSON) -> Void) throws -> JobAttempt {
        var spec: JSON = [
            "mode": "evaluate",
            "model": [
                [
                    "Dense": [
                        "units": 8, "input_shape": [4],
                        "kernel_regularizer": ["class_name": "L2", "config": ["l2": 0.01]],
                    ]
                ], ["BatchNormalization": [:]], ["Activation": ["activation": "relu"]], ["Dense": ["units": 3]],
            ],
            "loss": ["SparseCategoricalCrossentropy": ["from_logits": true]],
            "metrics": ["accuracy", "SparseCategoricalCrossentropy", ["SparseTopKCategoricalAccuracy": ["k": 2]]],
            "warm_start_from": ["path": "w.safetensors"],
        ]
        change(&spec)
        return try JobAttempt(
            spec: spec, modelDirectory: model.path, lock: lock, dataRoots: [data.path], execution: ExecutionOptions(),
            observer: Recorder())
    }

    private static func input(rows: Int) -> JSON {
        [
            "source": [
                "synthetic": ["features": ["shape": [4]], "labels": ["classes": 3], "examples": JSON(rows), "seed": 3]
            ]
        ]
    }

    private func evaluation(rows: Int, onTPU: Bool, shards: Int = 8) throws -> EvaluationResult {
        let attempt = try attempt { spec in
            spec["use_tpu"] = JSON(onTPU)
            spec["eval_batch_size"] = 96
            spec["tpu_config"] = ["num_shards": JSON(shards), "multi_host_evaluation": true]
            spec["evaluate"] = ["input": Self.input(rows: rows)]
            if onTPU {
                spec["evaluate"]?["steps"] = JSON((rows + 95) / 96)
                spec["evaluate"]?["input"]?["drop_remainder"] = false
            }
        }
        let plan = try #require(attempt.evaluation)
        return try attempt.estimator.evaluate(input: plan.input, steps: plan.steps)
    }

    /// Cores with a part of their rows, and with none.
    @Test(arguments: [297, 1, 11, 12, 13, 96, 95, 100, 192]) func evaluationIsThatOfTheCPU(rows: Int) throws {
        let host = try evaluation(rows: rows, onTPU: false)
        let cores = try evaluation(rows: rows, onTPU: true)
        #expect(cores.rows == rows && host.rows == rows)
        #expect(abs(cores.rowMeanLoss - host.rowMeanLoss) < 1e-6)
        #expect(cores.metrics.count == 3 && cores.metrics.keys == host.metrics.keys)
        for (name, value) in host.metrics {
            #expect(abs((cores.metrics[name] ?? .nan) - value) < 1e-6, "\(name) of \(rows) rows")
        }
    }

    /// Two hosts and four: with a part of their rows, and with none (`multi_host_evaluation`).
    @Test(arguments: [16, 32], [297, 1, 96]) func evaluationOnSeveralHostsIsThatOfTheCPU(shards: Int, rows: Int) throws
    {
        let host = try evaluation(rows: rows, onTPU: false)
        let cores = try evaluation(rows: rows, onTPU: true, shards: shards)
        #expect(cores.rows == rows && abs(cores.rowMeanLoss - host.rowMeanLoss) < 1e-6)
        #expect(cores.metrics.keys == host.metrics.keys)
        for (name, value) in host.metrics {
            #expect(abs((cores.metrics[name] ?? .nan) - value) < 1e-6, "\(name) of \(rows) rows")
        }
    }

    @Test(arguments: [297, 1, 12, 96]) func predictionIsThatOfTheCPU(rows: Int) throws {
        func lines(onTPU: Bool) throws -> [JSON] {
            let attempt = try attempt { spec in
                spec["mode"] = "predict"
                spec["use_tpu"] = JSON(onTPU)
                spec["predict_batch_size"] = 96
                spec["predict"] = ["input": Self.input(rows: rows)]
            }
            var prediction = try #require(attempt.prediction)
            #expect(prediction.shards == (onTPU ? 8 : 1))
            var text: [UInt8] = []
            try attempt.estimator.predict(input: prediction.input, shards: prediction.shards) { batch in
                text += try prediction.lines.lines { batch[$0] }
            }
            return try String(decoding: text, as: UTF8.self).split(separator: "\n").map {
                try JSON(parsing: Array($0.utf8))
            }
        }
        let (host, cores) = (try lines(onTPU: false), try lines(onTPU: true))
        #expect(host.count == rows && cores.count == rows)
        for (one, other) in zip(host, cores) {
            #expect(one["index"] == other["index"] && one["class"] == other["class"])
            for (a, b) in zip(one["dense_1"]?.array ?? [], other["dense_1"]?.array ?? []) {
                #expect(abs((a.double ?? .nan) - (b.double ?? .nan)) < 1e-6)
            }
        }
    }

    /// What is of a whole batch can't leave rows out.
    @Test(
        arguments: [
            ("SparseCategoricalCrossentropy", "l2", "activity regularizers are of a whole batch"),
            ("Dice", nil, "is of a whole"),
        ] as [(String, JSON, String)]) func wholeBatchesAreRefused(loss: String, regularizer: JSON, words: String)
        throws
    {
        let spec: JSON = [
            "mode": "evaluate", "eval_batch_size": 96, "loss": JSON.string(loss),
            "warm_start_from": ["path": "w.safetensors"],
            "model": [["Dense": ["units": 3, "input_shape": [4], "activity_regularizer": regularizer]]],
            "evaluate": [
                "steps": 1,
                "input": [
                    "source": [
                        "synthetic": [
                            "features": ["shape": [4]],
                            "labels": loss == "Dice" ? ["shape": [3]] : ["classes": 3], "examples": 5,
                        ]
                    ], "drop_remainder": false,
                ],
            ],
        ]
        try data.write(
            "w.safetensors",
            Safetensors(tensors: [
                "dense/kernel": NDArray([Float](repeating: 0, count: 12), shape: [4, 3]),
                "dense/bias": NDArray([Float](repeating: 0, count: 3)),
            ]).serialized())
        let faults = SpecErrors()
        let job = try #require(
            JobDefinition.read(spec, roots: DataRoots([data.path]), faults: faults), "\(faults.all.map(\.description))")
        let error = #expect(throws: TrainingError.self) { try job.check() }
        #expect(error?.description.contains(words) == true, "\(error as Any)")
    }
}
