/// How one run of a job in a worker process ended. The raw value is its name on the wire and in the database.
package enum AttemptOutcome: String, CaseIterable, Hashable, Sendable {
    /// It did all it was asked to do.
    case succeeded = "SUCCEEDED"
    /// The job's own definition or data is wrong.
    case userError = "USER_ERROR"
    /// A loss or a variable was not finite.
    case nanLoss = "NAN_LOSS"
    /// The worker ran out of memory.
    case outOfMemory = "OUT_OF_MEMORY"
    /// The worker trapped, or ended without an outcome.
    case crashed = "CRASHED"
    /// The worker's heartbeat stopped.
    case stalled = "STALLED"
    /// It made room for another job.
    case preempted = "PREEMPTED"
    /// Its host went away.
    case hostFailed = "HOST_FAILED"
    /// The input ended before the training did.
    case inputExhausted = "INPUT_EXHAUSTED"
    /// The daemon or the machine went away, or somebody killed the worker from outside.
    case interrupted = "INTERRUPTED"
    /// `max_run_seconds` had passed.
    case timedOut = "TIMED_OUT"
    /// Its owner cancelled the job.
    case cancelled = "CANCELLED"
    /// Its owner paused the job.
    case paused = "PAUSED"

    /// What an outcome means for the job when nobody asked it to stop.
    package enum Consequence: Hashable, Sendable {
        /// The job ends in this final state.
        case ends(JobState)
        /// The attempt counts against `retry.max_attempts` and waits `retry.backoff_seconds`.
        case counts
        /// The job goes straight back to the queue.
        case requeues
        /// The job is put aside.
        case pauses
    }

    /// What follows from this outcome (contract section 3).
    package var consequence: Consequence {
        switch self {
        case .succeeded: .ends(.succeeded)
        case .userError, .nanLoss, .inputExhausted: .ends(.failed)
        case .cancelled: .ends(.cancelled)
        case .timedOut: .ends(.timedOut)
        case .outOfMemory, .crashed, .stalled: .counts
        case .preempted, .hostFailed, .interrupted: .requeues
        case .paused: .pauses
        }
    }

    /// Whether an attempt that ended so counts against `retry.max_attempts`.
    package var counts: Bool { consequence == .counts }
}
