import Estimator
import Formats
import Testing

/// The topic `context`.
@Suite struct SeedContextConformanceTests {
    @Test func everyCase() throws {
        try SeedTopic(name: "context", kinds: ["context": properties, "mode_scoping": scoping]).run()
    }

    private func properties(_ each: SeedCase) throws -> Observed {
        let context = try each.input.context()
        return .object([
            "mode": .part { .string(try context.mode.rawValue) },
            "num_cores": .int(context.numCores),
            "num_hosts": .int(context.numHosts),
            "num_of_cores_per_host": .int(context.numOfCoresPerHost),
            "is_running_on_cpu": .part { .bool(try context.isRunningOnCPU) },
            "is_input_sharded_per_core": .part { .bool(try context.isInputShardedPerCore) },
            "batch_size_for_input_fn": .part { .optional(try context.batchSizeForInputFunction) },
            "batch_size_for_model_fn": .part { .optional(try context.batchSizeForModelFunction) },
        ])
    }

    private func scoping(_ each: SeedCase) throws -> Observed {
        var contexts = [try each.input.context()]
        for name in try #require(each.input["modes"]?.array) {
            let mode = try name.string.map { try #require(ModeKeys(rawValue: $0)) }
            contexts.append(contexts[contexts.count - 1].withMode(mode))
        }
        let modes: () -> Observed = {
            .list(contexts.map { context in .part { .string(try context.mode.rawValue) } })
        }
        return .object(["inside": modes(), "after": modes()])
    }
}
