import Datasets
import Formats
import Foundation
import Keras
import OrderedCollections
import TestSupport
import Testing

/// No specification ends the process that reads and plans it, whatever numbers it holds.
///
/// Some hundreds of each seed are read, and those that are taken built and planned. `TPUD_SPEC_FUZZ_SECONDS` goes on for so long, with seeds of chance, and
/// leaves the specification at hand in `.build/spec-fuzz.json`, where it is found after a trap.
@Suite struct SpecPropertyTests {
    private static let roots = DataRoots([ProjectFiles.root.appending(path: "docs/examples/data").path])

    private static func synthetic(_ shape: [Int], _ labels: JSON, _ more: JSON = [:]) -> JSON {
        var input: JSON = [
            "source": [
                "synthetic": ["features": ["shape": JSON(shape)], "labels": labels, "examples": 64, "seed": 1]
            ]
        ]
        for (name, value) in more.object ?? [:] { input[name] = value }
        return input
    }

    private static let plain: JSON = [
        "mode": "train", "train_batch_size": 8, "tpu_config": ["num_shards": 8, "iterations_per_loop": 3],
        "model": [["Dense": ["units": 2]]], "loss": "mse",
        "optimizer": ["SGD": ["learning_rate": 0.1, "momentum": 0.9]],
        "train": ["max_steps": 5, "input": synthetic([4], ["shape": [2]])],
    ]

    private static func specs() throws -> [JSON] {
        var mapped = plain
        mapped["model"] = [
            ["Flatten": ["input_shape": [2, 2]]],
            ["Dense": ["units": 3, "activation": "relu", "kernel_initializer": ["VarianceScaling": ["scale": 2.0]]]],
            ["Rescaling": ["scale": [0.5, 1, 2], "offset": 1]], ["Activation": ["activation": "softmax"]],
        ]
        mapped["loss"] = ["SparseCategoricalCrossentropy": ["from_logits": false]]
        mapped["optimizer"] = ["Adam": ["learning_rate": 0.01, "beta_1": 0.9, "amsgrad": true]]
        mapped["train"] = [
            "max_steps": 3,
            "input": synthetic(
                [2, 2], ["classes": 3],
                [
                    "shuffle": ["buffer_size": 10, "seed": 3], "repeat": 5, "prefetch": 2, "cache": true,
                    "map": [
                        ["cast": "float64"], ["scale": 0.5], ["normalize": ["mean": [0.0], "std": [1.0]]],
                        ["reshape": [2, 2]], ["cast": "float32"],
                    ],
                ]),
        ]
        var evaluated = plain
        evaluated["mode"] = "train_and_evaluate"
        evaluated["eval_batch_size"] = 8
        evaluated["metrics"] = ["mse", "mae"]
        evaluated["evaluate"] = ["steps": 1, "every_steps": 5, "input": synthetic([4], ["shape": [2]])]
        evaluated["run_config"] = [
            "random_seed": 7, "save_checkpoints_steps": 2, "keep_checkpoint_max": 2, "log_every_n_secs": 1,
        ]
        var keras2 = plain
        keras2["use_tpu"] = false
        keras2["model"] = [
            "class_name": "Sequential", "keras_version": "2.1.6", "backend": "tensorflow",
            "config": [
                ["class_name": "Dense", "config": ["name": "d", "units": 2, "batch_input_shape": [nil, 4]]]
            ],
        ]
        let digits = try JSON(
            parsing: [UInt8](Data(contentsOf: ProjectFiles.root.appending(path: "docs/examples/digits-mlp.json"))))
        return [plain, mapped, evaluated, keras2, digits]
    }

    /// Reads; what is taken reads back to itself from its canonical form.
    private static func read(_ spec: JSON, _ comment: String) -> JobDefinition? {
        let faults = SpecErrors()
        guard let job = JobDefinition.read(spec, roots: roots, faults: faults) else {
            #expect(!faults.isEmpty, "\(comment): refused without a fault: \(spec)")
            return nil
        }
        let again = SpecErrors()
        let second = JobDefinition.read(.object(job.canonical), roots: roots, faults: again)
        #expect(second?.canonical == job.canonical, "\(comment): \(again.all) of the canonical form of \(spec)")
        return job
    }

    @Test(arguments: 1..<5 as Range<UInt64>) func readingAndPlanningNeverTraps(seed: UInt64) throws {
        print("specifications of seed \(seed)")
        var mutations = SpecMutations(seed: seed)
        let specs = try Self.specs()
        for number in 0..<200 {
            let base = specs[number % specs.count]
            let spec = number % 4 == 3 ? mutations.large(base) : mutations.mutated(base)
            guard let job = Self.read(spec, "seed \(seed), number \(number)") else { continue }
            if (try? job.check()) != nil { _ = try? job.plan().json }
        }
    }

    @Test(.enabled(if: seconds > 0)) func planningNeverTraps() throws {
        let specs = try Self.specs()
        let end = ContinuousClock.now + .seconds(Self.seconds)
        let file = ProjectFiles.root.appending(path: ".build/spec-fuzz.json")
        var seed = UInt64.random(in: 0 ... .max)
        while ContinuousClock.now < end {
            print("specifications of seed \(seed)")
            var mutations = SpecMutations(seed: seed)
            for number in 0..<1000 where ContinuousClock.now < end {
                let base = specs[number % specs.count]
                let spec = number % 4 == 3 ? mutations.large(base) : mutations.mutated(base)
                try Data(spec.serialized()).write(to: file)
                guard let job = Self.read(spec, "seed \(seed), number \(number)") else { continue }
                // A model that fits no program or no memory is refused with what this throws.
                try? job.check()
                _ = try? job.plan().json
            }
            seed &+= 1
        }
    }

    private static let seconds =
        ProcessInfo.processInfo.environment["TPUD_SPEC_FUZZ_SECONDS"].flatMap { Double($0) } ?? 0
}
