import Estimator
import Formats
import Testing

/// The topic `loop_plan`.
@Suite struct SeedLoopPlanConformanceTests {
    @Test func everyCase() throws {
        try SeedTopic(
            name: "loop_plan",
            kinds: [
                "stop_hook_ctor": construct, "stop_hook_begin": begin, "stop_hook_run": run,
                "stop_hook_recreate": recreate, "eval_hook_run": evaluate,
            ]
        ).run()
    }

    private func construct(_ each: SeedCase) throws -> Observed {
        _ = try each.input.stopHook()
        return .object(["accepted": .bool(true)])
    }

    private func begin(_ each: SeedCase) throws -> Observed {
        let hook = try each.input.stopHook()
        let scope = VariableScope()
        if try each.input.flag("global_step_exists", default: false) { try scope.createGlobalStep() }
        try hook.begin(scope)
        return .object(["accepted": .bool(true)])
    }

    private func run(_ each: SeedCase) throws -> Observed {
        let hook = try each.input.stopHook()
        let log = TraceLog()
        let device = try ScriptedDevice(each.input)
        let scope = VariableScope(tracer: log.tracer)
        try scope.createGlobalStep()
        let monitored = try MonitoredSession(hooks: [hook], scope: scope) {
            let session = ScriptedSession(tracer: log.tracer, device: device.train)
            session.variables.assign(device.startGlobalStep, to: .globalStep)
            return session
        }
        var stoppedAfter: Int?
        for loop in 0..<(try each.input.wholeNumber("max_loops")) where stoppedAfter == nil {
            try monitored.run([ScriptedSession.deviceLoop])
            if monitored.shouldStop { stoppedAfter = loop }
        }
        return .object([
            "last_step": .optional(hook.lastStep),
            "iterations_loaded": .ints(log.loaded(.iterationsPerLoop)),
            "global_step_after_loop": .ints(device.loops.map(\.globalStepAfter)),
            "stop_requested_after_loop": .optional(stoppedAfter),
        ])
    }

    private func recreate(_ each: SeedCase) throws -> Observed {
        let hook = try each.input.stopHook()
        let log = TraceLog()
        let scope = VariableScope()
        try scope.createGlobalStep()
        try hook.begin(scope)
        var lastSteps: [Int] = []
        for step in try each.input.ints("global_step_at_session_creation") {
            let session = ScriptedSession(tracer: log.tracer)
            session.variables.assign(Int64(step), to: .globalStep)
            try hook.sessionCreated(session)
            lastSteps.append(try #require(hook.lastStep))
        }
        return .object([
            "last_step_after_each": .ints(lastSteps), "iterations_loaded": .ints(log.loaded(.iterationsPerLoop)),
        ])
    }

    private func evaluate(_ each: SeedCase) throws -> Observed {
        let hook = SetEvalIterationsHook(numSteps: try each.input.wholeNumber("num_steps"))
        let log = TraceLog()
        try hook.begin(VariableScope())
        let session = ScriptedSession(tracer: log.tracer)
        for _ in 0..<(try each.input.wholeNumber("sessions_created")) { try hook.sessionCreated(session) }
        var stopRequested = false
        for _ in 0..<(try each.input.wholeNumber("runs")) {
            let context = SessionRunContext(session: session)
            _ = try hook.beforeRun(context)
            try hook.afterRun(context, values: [])
            stopRequested = stopRequested || context.stopRequested
        }
        return .object([
            "iterations_loaded": .ints(log.loaded(.iterationsPerLoop)), "stop_requested": .bool(stopRequested),
        ])
    }
}

extension JSON {
    /// The stop hook that the members describe.
    func stopHook() throws -> StopAtStepHook {
        try StopAtStepHook(
            iterationsPerLoop: try wholeNumber("iterations_per_loop"), numSteps: try optionalInt("num_steps"),
            lastStep: try optionalInt("last_step"))
    }
}
