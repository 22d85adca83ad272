import Estimator
import Testing

/// The hook alone; the source's own cases are those of `SeedHookSequenceConformanceTests`.
@Suite struct InfeedOutfeedSessionHookTests {
    private let log = TraceLog()

    private func hook(
        job: String? = nil, dequeue: [SessionOperation]? = nil, wraps: Bool = false
    ) throws -> InfeedOutfeedSessionHook {
        try InfeedOutfeedSessionHook(
            context: TPUContext(
                config: RunConfig(tpuConfig: try TPUConfig(tpuJobName: job)), trainBatchSize: 8, evalBatchSize: 8
            ).withMode(.train), enqueueOperations: [SessionOperation("in")], dequeueOperations: dequeue,
            wrapsInputIntoWhileLoop: wraps, tracer: log.tracer)
    }

    /// The lines that the caller's thread logged.
    private var lines: [String] {
        log.events(of: .caller).compactMap { if case .log(_, let text) = $0 { text } else { nil } }
    }

    @Test(arguments: [(nil, "None"), ("worker", "worker")] as [(String?, String)])
    func begin(job: String?, words: String) throws {
        let hook = try hook(job: job)
        #expect(hook.masterJob == job)
        try hook.begin(VariableScope(tracer: log.tracer))
        #expect(
            log.records.map(\.event) == [
                .log(level: .info, text: "TPU job name \(words)"), .createVariable(.iterationsPerLoop),
                .createInitializeOperation(job: job), .createShutdownOperation(job: job),
            ])
    }

    /// The job is resolved by the constructor, which therefore needs a mode.
    @Test func withoutAMode() {
        #expect(throws: EstimatorError.modeNotSet) {
            try InfeedOutfeedSessionHook(
                context: TPUContext(config: RunConfig(), trainBatchSize: 8, evalBatchSize: nil),
                enqueueOperations: [])
        }
    }

    /// With an outfeed or without, and with one that runs nothing.
    @Test(arguments: [nil, [], ["out"]] as [[String]?]) func aWholeRun(dequeue: [String]?) throws {
        let hook = try hook(dequeue: dequeue.map { $0.map { SessionOperation($0) } })
        let session = ScriptedSession(tracer: log.tracer)
        try hook.begin(VariableScope())
        try hook.sessionCreated(session)
        #expect((hook.outfeed != nil) == (dequeue != nil))
        for count in [3, 0, 2] as [Int64] {
            session.variables.assign(count, to: .iterationsPerLoop)
            #expect(try hook.beforeRun(SessionRunContext(session: session)) == [])
        }
        try hook.end(session)
        #expect(log.signals(to: .infeed) == [3, 0, 2])
        #expect(log.runs(of: .worker(.infeed)) == 5)
        #expect(log.signals(to: .outfeed) == (dequeue == nil ? [] : [3, 0, 2]))
        #expect(log.runs(of: .worker(.outfeed)) == (dequeue == nil ? 0 : 5))
        let hasOutfeed = dequeue != nil
        let loops = [3, 0, 2].flatMap { count in
            ["Enqueue next (\(count)) batch(es) of data to infeed."]
                + (hasOutfeed ? ["Dequeue next (\(count)) batch(es) of data from outfeed."] : [])
        }
        #expect(
            lines == ["TPU job name None", "Init TPU system", "Start infeed thread controller"]
                + (hasOutfeed ? ["Start outfeed thread controller"] : []) + loops
                + ["Stop infeed thread controller", "Waiting for Infeed Thread to exit."]
                + (hasOutfeed ? ["Stop output thread controller", "Waiting for Outfeed Thread to exit."] : [])
                + ["Shutdown TPU system."])
        let runs = log.events(of: .caller).filter { if case .sessionRun = $0 { true } else { false } }
        #expect(
            runs == [
                .sessionRun(fetches: ["initialize_system"], timeoutMilliseconds: 300_000),
                .sessionRun(fetches: ["shutdown_system"], timeoutMilliseconds: nil),
            ])
    }

    /// A system that can't be initialised has no threads.
    @Test func initialisingFails() throws {
        let hook = try hook(dequeue: [])
        let session = ScriptedSession(tracer: log.tracer, failures: [.caller: 0])
        #expect(throws: InjectedFailure.self) { try hook.sessionCreated(session) }
        #expect(hook.infeed == nil && hook.outfeed == nil)
        #expect(!log.records.contains { $0.event == .startThread(.infeed) })
    }

    @Test func iterationsThatNobodyLoaded() throws {
        let hook = try hook()
        let session = ScriptedSession(tracer: log.tracer)
        try hook.begin(VariableScope())
        try hook.sessionCreated(session)
        #expect(throws: EstimatorError.variableNotLoaded("tpu_estimator/iterations_per_loop")) {
            try hook.beforeRun(SessionRunContext(session: session))
        }
        #expect(log.signals(to: .infeed).isEmpty)
        try hook.end(session)
    }

    /// A variable that was given in place of the hook's own may hold more than a signal can.
    @Test(arguments: [(Int64.max, Int32.max), (.min, .min), (7, 7)]) func signalsAreCut(value: Int64, signal: Int32)
        throws
    {
        let hook = try hook(wraps: true)
        let scope = VariableScope()
        let own = HostVariable(name: "own", elementType: .int64)
        scope.addToIterationsCollection(own)
        try hook.begin(scope)
        let session = ScriptedSession(tracer: log.tracer)
        try hook.sessionCreated(session)
        session.variables.assign(value, to: own)
        _ = try hook.beforeRun(SessionRunContext(session: session))
        try hook.end(session)
        #expect(log.signals(to: .infeed) == [signal])
        #expect(log.runs(of: .worker(.infeed)) == 1, "the operation repeats itself")
    }

    /// A session that is created anew has new controllers; the old ones get no signals any more.
    @Test func aSessionCreatedAnew() throws {
        let hook = try hook(dequeue: [])
        try hook.begin(VariableScope())
        let sessions = [ScriptedSession(tracer: log.tracer), ScriptedSession(tracer: log.tracer)]
        try hook.sessionCreated(sessions[0])
        let old = try #require(hook.infeed)
        try hook.sessionCreated(sessions[1])
        #expect(hook.infeed !== old)
        sessions[1].variables.assign(4, to: .iterationsPerLoop)
        _ = try hook.beforeRun(SessionRunContext(session: sessions[1]))
        try hook.end(sessions[1])
        #expect(old.signalsLeft == 0 && old.outcome == nil)
        #expect(log.runs(of: .worker(.infeed)) == 4)
        old.join()
    }

    /// The end comes to the shutdown even where the infeed has failed.
    @Test func theEndAfterAFailedInfeed() throws {
        let hook = try hook()
        try hook.begin(VariableScope())
        let session = ScriptedSession(tracer: log.tracer, failures: [.worker(.infeed): 0])
        try hook.sessionCreated(session)
        session.variables.assign(1, to: .iterationsPerLoop)
        _ = try hook.beforeRun(SessionRunContext(session: session))
        try hook.end(session)
        #expect(log.events(of: .caller).last == .sessionRun(fetches: ["shutdown_system"], timeoutMilliseconds: nil))
        guard case .sessionClosed? = hook.infeed?.outcome else {
            Issue.record("\(String(describing: hook.infeed?.outcome))")
            return
        }
    }
}
