/// Where a job is in its life. The raw value is its name on the wire and in the database.
package enum JobState: String, CaseIterable, Hashable, Sendable {
    /// Waits for cores or a worker.
    case queued = "QUEUED"
    /// Holds its cores; its worker process has not reported that it runs yet.
    case starting = "STARTING"
    /// Its worker runs.
    case running = "RUNNING"
    /// Its worker was asked to stop; a deadline is set and a `StopIntent` says where this leads.
    case stopping = "STOPPING"
    /// Put aside by its owner; holds nothing.
    case paused = "PAUSED"
    /// A counted attempt failed; the job waits out `retry.backoff_seconds`.
    case retryWait = "RETRY_WAIT"
    /// Did all it was asked to do.
    case succeeded = "SUCCEEDED"
    /// Ended by an error that running again would not mend, or by too many of the other kind.
    case failed = "FAILED"
    /// Ended by its owner.
    case cancelled = "CANCELLED"
    /// Ran longer than `max_run_seconds`.
    case timedOut = "TIMED_OUT"
    /// Was not started before `start_deadline_seconds` had passed.
    case expired = "EXPIRED"

    /// Whether the job's life is over: a final state never changes.
    package var isFinal: Bool {
        switch self {
        case .succeeded, .failed, .cancelled, .timedOut, .expired: true
        case .queued, .starting, .running, .stopping, .paused, .retryWait: false
        }
    }

    /// Whether the job holds cores and a worker's place.
    package var holdsResources: Bool {
        switch self {
        case .starting, .running, .stopping: true
        case .queued, .paused, .retryWait, .succeeded, .failed, .cancelled, .timedOut, .expired: false
        }
    }

    /// Whether the job is in the queue.
    package var isWaiting: Bool { self == .queued || self == .retryWait }
}
