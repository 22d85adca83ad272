package import Jobs
import Synchronization

/// How far the running jobs are: many times a second, so in memory; the store gets it with every checkpoint.
package final class ProgressBoard: Sendable {
    private struct State {
        var reports: [JobID: JobProgress] = [:]
        var changes: UInt64 = 0
    }

    private let state = Mutex(State())

    /// Nothing runs.
    package init() {}

    /// The last report of a job; nil when it does not run.
    package subscript(id: JobID) -> JobProgress? {
        get { state.withLock { $0.reports[id] } }
        set {
            state.withLock { state in
                state.reports[id] = newValue
                state.changes += 1
            }
        }
    }

    /// The last reports of all jobs that run.
    package var reports: [JobID: JobProgress] { state.withLock { $0.reports } }

    /// How often it has changed: as long as this is the same, every report is.
    package var changes: UInt64 { state.withLock { $0.changes } }
}
