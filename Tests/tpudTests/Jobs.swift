import Formats
import Foundation
import TestSupport

/// Specifications that tests submit.
enum Jobs {
    /// The job that the examples train, changed by the test.
    static func example(_ change: (inout JSON) -> Void = { _ in }) throws -> JSON {
        let file = ProjectFiles.root.appending(path: "docs/examples/digits-mlp.json")
        var job = try JSON(parsing: [UInt8](Data(contentsOf: file)))
        change(&job)
        return job
    }

    /// A small model on synthetic data, 1 shard: some milliseconds of work beside the start of its worker.
    static func tiny(steps: Int = 1, shards: Int = 1, name: String = "tiny") -> JSON {
        [
            "name": .string(name), "mode": "train", "train_batch_size": JSON(8 * shards),
            "tpu_config": ["num_shards": JSON(shards)], "model": [["Dense": ["units": 2]]],
            "loss": ["SparseCategoricalCrossentropy": ["from_logits": true]],
            "optimizer": ["SGD": ["learning_rate": 0.1]],
            "train": [
                "max_steps": JSON(steps),
                "input": [
                    "source": [
                        "synthetic": [
                            "features": ["shape": [4], "dtype": "float32"], "labels": ["classes": 2], "examples": 64,
                            "seed": 1,
                        ]
                    ]
                ],
            ],
        ]
    }

    /// The digits on 8 shards, shuffled, with momentum, an evaluation at the end and checkpoints on the way.
    static func digits(steps: Int, checkpoints: Int, loop: Int = 10) -> JSON {
        func input(_ kind: String, _ more: [(String, JSON)]) -> JSON {
            var input: JSON = [
                "source": [
                    "idx": [
                        "features": .string("digits/\(kind)-images-idx3-ubyte"),
                        "labels": .string("digits/\(kind)-labels-idx1-ubyte"),
                    ]
                ],
                "map": [["cast": "float32"], ["scale": 0.0625]],
            ]
            for (name, value) in more { input[name] = value }
            return input
        }
        return [
            "name": "digits", "mode": "train_and_evaluate", "train_batch_size": 128, "eval_batch_size": 96,
            "tpu_config": ["num_shards": 8, "iterations_per_loop": JSON(loop)],
            "run_config": [
                "random_seed": 42, "save_checkpoints_steps": JSON(checkpoints), "keep_checkpoint_max": 3,
            ],
            "model": [["Flatten": [:]], ["Dense": ["units": 32, "activation": "relu"]], ["Dense": ["units": 10]]],
            "loss": ["SparseCategoricalCrossentropy": ["from_logits": true]],
            "optimizer": ["SGD": ["learning_rate": 0.1, "momentum": 0.9]], "metrics": ["accuracy"],
            "train": [
                "max_steps": JSON(steps), "input": input("train", [("shuffle", ["buffer_size": 1500])]),
            ],
            "evaluate": ["steps": 3, "input": input("test", [])],
        ]
    }
}
