import Estimator
import Testing

/// Threads as the feed controllers have them.
@Suite struct WorkerThreadTests {
    /// Many at once, each with an end of its own.
    @Test func manyThreads() throws {
        let log = TraceLog()
        let controllers = try (0..<40).map { _ in
            try FeedController(
                kind: .outfeed, session: ScriptedSession(tracer: log.tracer), operations: [], tracer: log.tracer)
        }
        for (number, controller) in controllers.enumerated() { controller.send(Int32(number)) }
        for controller in controllers.reversed() { controller.join() }
        #expect(log.runs(of: .worker(.outfeed)) == 780)
        for controller in controllers {
            controller.join()
            guard case .stopped? = controller.outcome else {
                Issue.record("\(String(describing: controller.outcome))")
                return
            }
        }
    }
}
