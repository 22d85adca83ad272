/// When a checkpoint is due: at the first loop boundary at or past each multiple of a number of steps, or when a time
/// has gone by.
package struct CheckpointSchedule: Sendable, Equatable {
    /// What makes a checkpoint due.
    package enum Interval: Sendable, Equatable {
        /// Every multiple of this many steps.
        case steps(Int)
        /// When this many nanoseconds have gone by since the last one, or since the start.
        case nanoseconds(UInt64)
        /// Only at the end.
        case never
    }

    /// What makes a checkpoint due.
    package let interval: Interval
    /// Where the run's loops end.
    package let grid: LoopGrid
    private var lastTime: UInt64

    /// A schedule for a run that begins at a time.
    package init(interval: Interval, grid: LoopGrid, time: UInt64) {
        self.interval = interval
        self.grid = grid
        lastTime = time
    }

    /// Whether a checkpoint is due at the end of this loop. With an interval of steps nothing counts but the step: a run
    /// that was cut has its checkpoints where an undisturbed one has.
    package func isDue(step: Int, time: UInt64) -> Bool {
        switch interval {
        case .steps(let every): grid.crosses(every: every, at: step)
        case .nanoseconds(let every): step > grid.origin && time >= lastTime && time - lastTime >= every
        case .never: false
        }
    }

    /// Notes that a checkpoint was taken.
    package mutating func taken(time: UInt64) { lastTime = time }
}

extension CheckpointSchedule.Interval {
    /// What a run configuration asks for: by steps, by seconds, by default every 1000 steps; a number below 1 means
    /// only at the end.
    package init(_ config: RunConfig) {
        if let steps = config.saveCheckpointsSteps {
            self = steps >= 1 ? .steps(steps) : .never
        } else if let seconds = config.saveCheckpointsSeconds {
            self = seconds >= 1 ? .nanoseconds(UInt64(seconds).nanosecondsSaturating) : .never
        } else {
            self = .steps(RunConfig.defaultSaveCheckpointsSteps)
        }
    }
}

extension RunConfig {
    /// The steps between two checkpoints when neither steps nor seconds are given.
    package static let defaultSaveCheckpointsSteps = 1000
}

extension UInt64 {
    /// So many seconds as nanoseconds; the largest number where they are too many.
    fileprivate var nanosecondsSaturating: UInt64 {
        let (product, overflow) = multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : product
    }
}
