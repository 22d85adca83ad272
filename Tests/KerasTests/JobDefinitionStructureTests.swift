import Formats
import Keras
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
        let plans = try jobs.map { try $0.plan().json }
        #expect(plans[0] == plans[1])
    }

    /// What a program may depend on makes another structure.
    @Test func allElseCounts() throws {
        let changes: [(inout JSON) -> Void] = [
            { _ in }, { $0["optimizer"] = ["SGD": ["momentum": 0.5]] }, { $0["optimizer"] = "adam" },
            { $0["optimizer"] = ["SGD": ["momentum": 0.25]] },
            { $0["model"] = [["Dense": ["units": 3, "name": "a"]]] },
            { $0["train"]?["max_steps"] = 7 }, { $0["train_batch_size"] = 16 }, { $0["params"] = ["learning_rate": 1] },
        ]
        let structures = try changes.map { try Self.definition($0).structure }
        #expect(Set(structures).count == changes.count)
    }
}
