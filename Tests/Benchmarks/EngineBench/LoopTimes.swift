import Estimator
import Executor

/// The time of a step in each device loop but the first, in which the program is planned, by a clock of its own: the rate
/// that progress tells is a mean over half a minute, with all that came before.
// @unchecked: the estimator's one thread calls it while the other side waits for the training's end.
final class LoopTimes: TrainingObserver, @unchecked Sendable {
    /// Of each loop behind the first.
    private(set) var seconds: [Double] = []
    /// Called behind the first loop.
    var warmedUp: () -> Void = {}
    /// Called behind every loop; the time that it takes counts to none.
    var between: () -> Void = {}
    private let iterations: Int
    private var end: UInt64?

    /// Times of loops of so many steps.
    init(iterations: Int) { self.iterations = iterations }

    /// Forgets what was noted; the next loop is a first one again.
    func reset() {
        seconds = []
        end = nil
    }

    func progressed(_ progress: TrainingProgress) {
        let now = MonotonicClock.nanoseconds()
        if let end { seconds.append(Double(now - end) * 1e-9 / Double(iterations)) } else { warmedUp() }
        between()
        end = MonotonicClock.nanoseconds()
    }
}
