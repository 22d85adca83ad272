/// Why a job is STOPPING, and so where it goes. The raw value is what the database keeps.
package enum StopIntent: String, CaseIterable, Hashable, Sendable {
    /// Its owner cancelled it: a last checkpoint, then CANCELLED.
    case cancel = "CANCEL"
    /// Its owner killed it: CANCELLED without a last word.
    case kill = "KILL"
    /// Its owner paused it.
    case pause = "PAUSE"
    /// `max_run_seconds` has passed.
    case timeOut = "TIME_OUT"
    /// It makes room for another job, or its owner changed his mind while it was stopping to be paused.
    case preempt = "PREEMPT"
    /// Its host fails.
    case failHost = "FAIL_HOST"
    /// The daemon is going away.
    case drain = "DRAIN"

    /// The state that the job is on its way to.
    package var landing: JobState {
        switch self {
        case .cancel, .kill: .cancelled
        case .pause: .paused
        case .timeOut: .timedOut
        case .preempt, .failHost, .drain: .queued
        }
    }

    /// The outcome of an attempt that this stop request ended.
    package var outcome: AttemptOutcome {
        switch self {
        case .cancel, .kill: .cancelled
        case .pause: .paused
        case .timeOut: .timedOut
        case .preempt: .preempted
        case .failHost: .hostFailed
        case .drain: .interrupted
        }
    }

    /// Whether the worker gets time for a last checkpoint.
    package var isGraceful: Bool { self != .kill && self != .failHost }

    /// Whether this stop request replaces `other` while the job is stopping already: an ending replaces a pause, which
    /// replaces making room; a kill replaces all.
    package func overrides(_ other: StopIntent) -> Bool { rank > other.rank }

    private var rank: Int {
        switch self {
        case .preempt, .drain: 0
        case .failHost: 1
        case .pause: 2
        case .timeOut, .cancel: 3
        case .kill: 4
        }
    }
}
