import Executor
import Graph
import Synchronization

/// The executor that the estimator had made, and how long that took.
final class MadeExecutor: Sendable {
    private let state = Mutex<(executor: LaneExecutor?, seconds: Double)>((nil, 0))

    var executor: LaneExecutor? { state.withLock { $0.executor } }
    var seconds: Double { state.withLock { $0.seconds } }

    func make(_ program: Program, _ options: ExecutorOptions) throws -> LaneExecutor {
        let start = MonotonicClock.nanoseconds()
        let executor = try LaneExecutor(program: program, options: options)
        state.withLock { $0 = (executor, Double(MonotonicClock.nanoseconds() - start) * 1e-9) }
        return executor
    }
}
