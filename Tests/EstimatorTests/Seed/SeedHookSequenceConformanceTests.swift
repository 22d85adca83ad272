import Estimator
import Formats
import Synchronization
import Testing

/// The topic `hook_sequence`.
@Suite struct SeedHookSequenceConformanceTests {
    @Test func everyCase() throws {
        try SeedTopic(
            name: "hook_sequence",
            kinds: [
                "hook_ctor": construct, "session": session, "train_session": train, "eval_session": evaluate,
            ]
        ).run()
    }

    private func construct(_ each: SeedCase) throws -> Observed {
        let hook = try InfeedOutfeedSessionHook(
            context: try each.input.context(), enqueueOperations: [SessionOperation("enqueue")])
        return .object(["accepted": .bool(true), "master_job": .optional(hook.masterJob)])
    }

    private func session(_ each: SeedCase) throws -> Observed {
        let run = try HookRun(each.input)
        return try run.observe()
    }

    private func train(_ each: SeedCase) throws -> Observed {
        let log = TraceLog()
        let device = try ScriptedDevice(each.input)
        let scope = VariableScope(tracer: log.tracer)
        try scope.createGlobalStep()
        let feed = try InfeedOutfeedSessionHook(
            context: try trainContext(.train), enqueueOperations: [SessionOperation("enqueue")], tracer: log.tracer)
        let stop = try each.input.stopHook()
        let hooks: [any SessionHook] =
            switch try each.input.optionalString("hook_order") {
            case "infeed_first": [feed, stop]
            case "stop_first": [stop, feed]
            case let other: throw UnreadableCase(what: "hook order \(other ?? "missing")")
            }
        let monitored = try MonitoredSession(hooks: hooks, scope: scope) {
            let session = ScriptedSession(tracer: log.tracer, device: device.train)
            session.variables.assign(device.startGlobalStep, to: .globalStep)
            return session
        }
        var stops: [Bool] = []
        for _ in 0..<(try each.input.wholeNumber("max_loops")) where !monitored.shouldStop {
            try monitored.run([ScriptedSession.deviceLoop])
            stops.append(monitored.shouldStop)
        }
        try monitored.end()
        let created = log.records.count { $0.event == .createVariable(.iterationsPerLoop) }
        return .object([
            "signals_to_infeed": .ints(log.signals(to: .infeed)),
            "loops": .list(
                zip(device.loops, stops).map { loop, stopped in
                    .object([
                        "device_iterations": .int(Int(loop.iterations)),
                        "global_step_after": .int(Int(loop.globalStepAfter)), "stop_requested": .bool(stopped),
                    ])
                }),
            "stopped_by_hook": .bool(monitored.shouldStop),
            "total_enqueue_runs": .int(log.runs(of: .worker(.infeed))),
            "iterations_variables_created": .int(created),
        ])
    }

    private func evaluate(_ each: SeedCase) throws -> Observed {
        let log = TraceLog()
        let steps = try each.input.wholeNumber("steps")
        let dequeue = try #require(try each.input.optionalStrings("dequeue_ops"))
        let feed = try InfeedOutfeedSessionHook(
            context: try trainContext(.evaluate), enqueueOperations: [SessionOperation("enqueue")],
            dequeueOperations: dequeue.map { SessionOperation($0) }, tracer: log.tracer)
        let named: [String: any SessionHook] = [
            "stop": StopAfterNEvalsHook(numEvals: steps), "set": SetEvalIterationsHook(numSteps: steps), "feed": feed,
        ]
        let order = try #require(try each.input.optionalStrings("hook_order"))
        let device = EvaluationDevice()
        let monitored = try MonitoredSession(
            hooks: try order.map { try #require(named[$0]) }, scope: VariableScope(tracer: log.tracer)
        ) {
            let session = ScriptedSession(tracer: log.tracer, device: device.evaluate)
            session.variables.assign(0, to: .evalStep)
            return session
        }
        var runs: [Observed] = []
        for _ in 0..<(try each.input.wholeNumber("max_loops")) where !monitored.shouldStop {
            try monitored.run([ScriptedSession.deviceLoop])
            let last = try #require(device.last)
            runs.append(
                .object([
                    "device_iterations": .int(Int(last.iterations)), "eval_step_after": .int(Int(last.evalStep)),
                    "stop_requested": .bool(monitored.shouldStop),
                ]))
        }
        try monitored.end()
        return .object([
            "signals_to_infeed": .ints(log.signals(to: .infeed)),
            "signals_to_outfeed": .ints(log.signals(to: .outfeed)),
            "runs": .list(runs),
            "total_enqueue_runs": .int(log.runs(of: .worker(.infeed))),
            "total_dequeue_runs": .int(log.runs(of: .worker(.outfeed))),
        ])
    }

    private func trainContext(_ mode: ModeKeys) throws -> TPUContext {
        TPUContext(config: RunConfig(), trainBatchSize: 8, evalBatchSize: 8).withMode(mode)
    }
}

/// A device that evaluates: it counts its runs as every session that evaluates does.
final class EvaluationDevice: Sendable {
    private let state = Mutex<(iterations: Int64, evalStep: Int64)?>(nil)

    var last: (iterations: Int64, evalStep: Int64)? { state.withLock { $0 } }

    @Sendable func evaluate(_ variables: SessionVariables) throws {
        try variables.countEvaluationRun()
        let now = (try variables.value(of: .iterationsPerLoop), try variables.value(of: .evalStep))
        state.withLock { $0 = now }
    }
}

/// A case that a test cannot read.
struct UnreadableCase: Error {
    let what: String
}
