import Estimator
import Executor
import Foundation
import Glibc
import Testing

/// Threads as the feed controllers have them.
@Suite struct WorkerThreadTests {
    /// Where the system has no room for one more stack there is an error with its code, and the others go on.
    @Test func noRoomForAThread() async {
        await #expect(processExitsWith: .success) {
            let kept = Condition<[FeedController]>([])
            func start() throws(EstimatorError) {
                let controller = try FeedController(kind: .infeed, session: ScriptedSession(), operations: [])
                kept.update { $0.append(controller) }
            }
            // Room for a few stacks besides what the process has.
            let pages = try #require(
                try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ").first)
            let size = try #require(Int(pages)) * sysconf(Int32(_SC_PAGESIZE))
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
            limit.rlim_cur = rlim_t(size + 64 << 20)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
            var refusal: EstimatorError?
            for _ in 0..<1000 where refusal == nil {
                do throws(EstimatorError) { try start() } catch { refusal = error }
            }
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
            try #require(refusal == .threadNotStarted(code: EAGAIN))
            for controller in kept.withLock({ $0 }) {
                controller.send(1)
                controller.join()
                guard case .stopped? = controller.outcome else { throw TestFailure("\(controller.outcome as Any)") }
            }
        }
    }

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
