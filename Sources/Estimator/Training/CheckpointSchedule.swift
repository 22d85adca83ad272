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
    /// The step of the newest checkpoint, or the step at which the run began.
    package private(set) var lastStep: Int
    private var lastTime: UInt64

    /// A schedule for a run that begins at a step and a time.
    package init(interval: Interval, step: Int, time: UInt64) {
        self.interval = interval
        lastStep = step
        lastTime = time
    }

    /// Whether a checkpoint is due at this loop boundary.
    package func isDue(step: Int, time: UInt64) -> Bool {
        guard step > lastStep else { return false }
        return switch interval {
        case .steps(let every): step / every > lastStep / every
        case .nanoseconds(let every): time - lastTime >= every
        case .never: false
        }
    }

    /// Notes that a checkpoint was taken.
    package mutating func taken(step: Int, time: UInt64) {
        lastStep = step
        lastTime = time
    }
}

extension CheckpointSchedule.Interval {
    /// What a run configuration asks for: by steps, by seconds, by default every 1000 steps; a number below 1 means
    /// only at the end.
    package init(_ config: RunConfig) {
        if let steps = config.saveCheckpointsSteps {
            self = steps >= 1 ? .steps(steps) : .never
        } else if let seconds = config.saveCheckpointsSeconds {
            self = seconds >= 1 ? .nanoseconds(UInt64(seconds) * 1_000_000_000) : .never
        } else {
            self = .steps(RunConfig.defaultSaveCheckpointsSteps)
        }
    }
}

extension RunConfig {
    /// The steps between two checkpoints when neither steps nor seconds are given.
    public static let defaultSaveCheckpointsSteps = 1000
}
