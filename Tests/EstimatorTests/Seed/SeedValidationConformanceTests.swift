import Estimator
import Formats
import OrderedCollections
import Testing

/// The topic `validation`: the constructor, steps to hooks, variables, calls of input and model functions, specs and steps.
@Suite struct SeedValidationConformanceTests {
    @Test func everyCase() throws {
        let kinds: [String: (SeedCase) throws -> Observed] = [
            "ctor": construct, "train_steps_to_hooks": trainingHooks, "eval_steps_to_hooks": evaluationHooks,
            "create_global_step": globalStep, "iterations_variable": iterations,
        ]
        .merging(FunctionCases.kinds) { first, _ in first }
        let untypable = Skip(reason: "a configuration or number of another type, which does not compile") {
            $0.tags.contains("dynamic_typing") && Self.isUntypable($0.input)
        }
        let noSpec = Skip(reason: "a model function that returns no spec, which does not compile") {
            ["none", "tuple"].contains($0.input["spec"]?["type"]?.string)
        }
        try SeedTopic(
            name: "validation", skips: [untypable, noSpec],
            // The compiler checks the model function's signature; nothing is handed to a check at run time.
            notCompared: SeedTopic.notCompared.union(["params_given_to_signature_check"]), kinds: kinds
        ).run()
    }

    /// Whether the configuration is not a configuration, or a size or number of steps is not a whole number.
    private static func isUntypable(_ input: JSON) -> Bool {
        if input["config"]?.string != nil { return true }
        return ["train_batch_size", "eval_batch_size", "steps", "max_steps"].contains { name in
            guard let value = input[name], !value.isNull else { return false }
            return value.int.map { JSON($0) } != value
        }
    }

    private func construct(_ each: SeedCase) throws -> Observed {
        let estimator = try each.input.estimator()
        let params = estimator.params.values.mapValues(\.observed)
        return .object([
            "accepted": .bool(true),
            "params_given_to_base_estimator": .object(
                Dictionary(uniqueKeysWithValues: params.map { ($0.key, $0.value) })),
            "iterations_per_training_loop": .int(estimator.context.config.tpuConfig.iterationsPerLoop),
        ])
    }

    private func trainingHooks(_ each: SeedCase) throws -> Observed {
        let steps = try each.input.optionalInt("steps")
        let maxSteps = try each.input.optionalInt("max_steps")
        guard let hook = try each.input.estimator().context.trainingHook(steps: steps, maxSteps: maxSteps) else {
            return .object([
                "delegated_to_base_estimator": .object([
                    "steps": .optional(steps), "max_steps": .optional(maxSteps),
                ])
            ])
        }
        return .object([
            "hooks": .list([
                .object([
                    "hook": .string("TPUStopAtStep"), "iterations_per_loop": .int(hook.iterationsPerLoop),
                    "num_steps": .optional(hook.numSteps), "last_step": .optional(hook.lastStep),
                ])
            ])
        ])
    }

    private func evaluationHooks(_ each: SeedCase) throws -> Observed {
        let steps = try each.input.optionalInt("steps")
        guard let hooks = try each.input.estimator().context.evaluationHooks(steps: steps) else {
            return .object(["delegated_to_base_estimator": .object(["steps": .optional(steps)])])
        }
        return .object([
            "hooks": .list([
                .object(["hook": .string("StopAfterNEvals"), "num_evals": .int(hooks.stop.numEvals)]),
                .object(["hook": .string("SetEvalIterations"), "num_steps": .int(hooks.set.numSteps)]),
            ])
        ])
    }

    private func globalStep(_ each: SeedCase) throws -> Observed {
        let log = TraceLog()
        let scope = VariableScope(tracer: log.tracer)
        if try each.input.flag("already_exists", default: false) { try scope.createGlobalStep() }
        let made = try scope.createGlobalStep()
        #expect(log.records.map(\.event) == [.createVariable(made)], "\(each.id)")
        return .object(["variable": .object(made.observedMembers)])
    }

    private func iterations(_ each: SeedCase) throws -> Observed {
        let log = TraceLog()
        let scope = VariableScope(tracer: log.tracer)
        for number in 0..<(try each.input.wholeNumber("already_in_collection")) {
            scope.addToIterationsCollection(HostVariable(name: "existing\(number)", elementType: .int32))
        }
        var returned: [String] = []
        for _ in 0..<(try each.input.wholeNumber("calls")) { returned.append(try scope.iterationsVariable().name) }
        let created = log.records.compactMap { record in
            if case .createVariable(let variable) = record.event { variable } else { nil }
        }
        return .object([
            "returned": .strings(returned), "created": .list(created.map { .object($0.observedMembers) }),
        ])
    }
}

extension ParameterValue {
    /// The value as cases write it.
    var observed: Observed {
        switch self {
        case .bool(let flag): .bool(flag)
        case .int(let number): .int(number)
        case .string(let text): .string(text)
        case .double(let number): .double(number)
        case .null, .array, .object: .null
        }
    }
}
