import Estimator
import Executor
import Foundation
import Glibc
import Synchronization
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

    /// What `top -H` and debuggers call them.
    @Test func names() throws {
        let names = Mutex<Set<String>>([])
        @Sendable func note() {
            let name = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
            names.withLock { _ = $0.insert(String(name.prefix { $0 != "\n" })) }
        }
        final class Noting: TrainingObserver {
            let note: @Sendable () -> Void
            init(_ note: @escaping @Sendable () -> Void) { self.note = note }
            func checkpointWritten(_ record: CheckpointRecord) { note() }
        }
        var execution = ExecutionOptions.reference
        execution.hosts = 4
        execution.tracer = EventTracer { if case .worker = $0.thread { note() } }
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: SmallModel().modelFunction,
            config: RunConfig(tpuConfig: try TPUConfig(numShards: 8), modelDirectory: folder.path),
            params: ModelParameters(["classes": .int(3)]), trainBatchSize: 16, evalBatchSize: 8,
            execution: execution, observer: Noting(note))
        let input = SmallModel.array { _ in note() }
        try estimator.train(input: input, steps: 2)
        _ = try estimator.evaluate(input: SmallModel.array(), steps: 1)
        #expect(
            names.withLock { $0 } == [
                "infeed", "outfeed", "checkpoint", "infeed-0", "infeed-1", "infeed-2", "infeed-3",
            ])
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
