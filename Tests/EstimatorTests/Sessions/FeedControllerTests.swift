import Estimator
import Executor
import Testing

@Suite struct FeedControllerTests {
    @Test func outcomeIsReadableWhileTheWorkerWaits() throws {
        let controller = try FeedController(
            kind: .infeed, session: ScriptedSession(), operations: [SessionOperation("feed")])
        #expect(controller.outcome == nil)
        controller.join()
        guard case .stopped = controller.outcome else {
            Issue.record("joined, and the outcome is \(String(describing: controller.outcome))")
            return
        }
    }

    @Test func failedInfeedTellsItsCauseAndClosesOnce() throws {
        let log = TraceLog()
        let session = ScriptedSession(tracer: log.tracer, failures: [.worker(.infeed): 1])
        let controller = try FeedController(
            kind: .infeed, session: session, operations: [SessionOperation("feed")], tracer: log.tracer)
        controller.send(5)
        controller.join()
        controller.join()
        guard case .sessionClosed(let cause) = controller.outcome else {
            Issue.record("the outcome is \(String(describing: controller.outcome))")
            return
        }
        #expect(cause as? InjectedFailure == InjectedFailure())
        #expect(log.closes == 1)
    }

    @Test func runsOnAThreadOfItsOwn() throws {
        let log = TraceLog()
        let controller = try FeedController(
            kind: .outfeed, session: ScriptedSession(tracer: log.tracer), operations: [], tracer: log.tracer)
        controller.send(2)
        controller.join()
        #expect(log.runs(of: .worker(.outfeed)) == 2)
        #expect(log.runs(of: .caller) == 0)
    }

    @Test func forgottenControllerDoesWhatIsQueuedAndEnds() throws {
        let ended = Condition(false)
        let log = TraceLog()
        do {
            let session = EndTellingSession(tracer: log.tracer) { ended.update { $0 = true } }
            let controller = try FeedController(
                kind: .infeed, session: session, operations: [SessionOperation("feed")], tracer: log.tracer)
            controller.send(3)
        }
        // The worker alone keeps the session, so the session goes when the worker does.
        #expect(ended.wait(atMost: 10) { $0 ? true : nil } == true)
        #expect(log.runs(of: .worker(.infeed)) == 3)
    }

    @Test func waitingWorkerDoesNotKeepTheProcess() async {
        await #expect(processExitsWith: .success) {
            let isRunning = Condition(false)
            let never = Condition(())
            let session = ScriptedSession { _ in
                isRunning.update { $0 = true }
                _ = never.wait { _ -> Bool? in nil }
            }
            let controller = try FeedController(
                kind: .infeed, session: session, operations: [ScriptedSession.deviceLoop])
            controller.send(1)
            try #require(isRunning.wait(atMost: 10) { $0 ? true : nil } == true)
            try #require(controller.isDaemon)
        }
    }
}

/// A session that tells when it goes.
private final class EndTellingSession: Session {
    let variables = SessionVariables()
    private let tracer: EventTracer
    private let ended: @Sendable () -> Void

    init(tracer: EventTracer, ended: @escaping @Sendable () -> Void) {
        self.tracer = tracer
        self.ended = ended
    }

    deinit { ended() }

    func run(_ operations: [SessionOperation], timeoutMilliseconds: Int?) throws -> [SessionValue] {
        tracer.record(.sessionRun(fetches: operations.map(\.name), timeoutMilliseconds: timeoutMilliseconds))
        return operations.map { _ in .none }
    }

    func close() throws {}
}
