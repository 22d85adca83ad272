package import Jobs
import Synchronization

/// How far the running jobs are: many times a second, so in memory; the store gets it with every checkpoint.
package final class ProgressBoard: Sendable {
    private let reports = Mutex<[JobID: JobProgress]>([:])

    /// Nothing runs.
    package init() {}

    /// The last report of a job; nil when it does not run.
    package subscript(id: JobID) -> JobProgress? {
        get { reports.withLock { $0[id] } }
        set { reports.withLock { $0[id] = newValue } }
    }
}
