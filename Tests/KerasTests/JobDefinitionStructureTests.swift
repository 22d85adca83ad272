import Datasets
import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct JobDefinitionStructureTests {
    private static func definition(_ change: (inout JSON) -> Void) throws -> JobDefinition {
        var job = SmallJob()
        change(&job.spec)
        return try #require(job.definition, "\(job.faults)")
    }

    /// One optimizer with another learning rate, in each form.
    private static let optimizers: [@Sendable (JSON) -> JSON] = [
        { ["SGD": ["learning_rate": $0, "momentum": 0.5]] },
        { ["class_name": "Adam", "config": ["learning_rate": $0, "beta_1": 0.8]] },
        {
            [
                "module": "keras.optimizers", "class_name": "SGD", "config": ["learning_rate": $0],
                "registered_name": nil,
            ]
        },
    ]

    /// The jobs of a sweep have one structure, and one program but for its numbers.
    @Test(arguments: optimizers.indices) func aSweepHasOneStructure(optimizer: Int) throws {
        let jobs = try [0.25, 0.5].map { rate in
            try Self.definition {
                $0["optimizer"] = Self.optimizers[optimizer](JSON(rate))
                $0["run_config"] = ["random_seed": JSON(Int(rate * 100))]
            }
        }
        #expect(jobs[0].canonical != jobs[1].canonical)
        #expect(jobs[0].structure == jobs[1].structure)
        let plans = try jobs.map { try #require(try $0.plan().json.object) }
        let names = plans[0].keys.filter { $0 != "peak_bytes" }
        #expect(names.allSatisfy { plans[0][$0] == plans[1][$0] } && plans[0].keys == plans[1].keys)
        // A rate that another constant of the program equals takes no memory of its own: a cache line.
        let peaks = try plans.map { try #require($0["peak_bytes"]?.int) }
        #expect(abs(peaks[0] - peaks[1]) <= 64)
    }

    /// How long a job trains and in which order it reads changes no program.
    @Test func lengthsAndOrdersHaveOneStructure() throws {
        let jobs = try [(7, 0), (8, 50)].map { steps, buffer in
            try Self.definition {
                $0["train"]?["max_steps"] = JSON(steps)
                $0["train"]?["input"]?["shuffle"] = buffer == 0 ? .null : ["buffer_size": JSON(buffer)]
            }
        }
        #expect(jobs[0].canonical != jobs[1].canonical)
        #expect(jobs[0].structure == jobs[1].structure)
    }

    /// What a program may depend on makes another structure.
    @Test func allElseCounts() throws {
        let changes: [(inout JSON) -> Void] = [
            { _ in }, { $0["optimizer"] = ["SGD": ["momentum": 0.5]] }, { $0["optimizer"] = "adam" },
            { $0["optimizer"] = ["SGD": ["momentum": 0.25]] },
            { $0["model"] = [["Dense": ["units": 3, "name": "a"]]] },
            { $0["train"]?["max_steps"] = nil }, { $0["train_batch_size"] = 16 },
            { $0["params"] = ["learning_rate": 1] },
        ]
        let structures = try changes.map { try Self.definition($0).structure }
        #expect(Set(structures).count == changes.count)
    }

    /// A file with other data at the same path is another input, though the job says the same.
    @Test func theDataCounts() throws {
        let structures = try [1, 2].map { width in
            let folder = try TemporaryDirectory()
            try folder.write(
                "d.safetensors",
                Safetensors(tensors: [
                    "x": NDArray([Float](repeating: 1, count: 4 * width), shape: [4, width]),
                    "y": NDArray([0, 0, 0, 0] as [Float], shape: [4, 1]),
                ]).serialized())
            var job = SmallJob.training(
                ["safetensors": ["path": "d.safetensors", "features": "x", "labels": "y"]],
                roots: DataRoots([folder.path]))
            job.spec["model"] = [["Dense": ["units": 1]]]
            job.spec["loss"] = "mse"
            job.spec["metrics"] = nil
            let definition = try #require(job.definition, "\(job.faults)")
            return (definition.canonical, definition.structure)
        }
        #expect(structures[0].0 == structures[1].0)
        #expect(structures[0].1 != structures[1].1)
    }
}
