package import API
package import Jobs
package import Store

/// What a job's resource shows that is not in the database: it changes without a commit.
package struct JobMoment: Hashable, Sendable {
    /// Why it waits; nil for one that does not.
    package var pending: PendingView?
    /// How far its worker says it is; nil for one that does not run.
    package var progress: JobProgress?

    /// Makes the value; nothing unless given.
    package init(pending: PendingView? = nil, progress: JobProgress? = nil) {
        self.pending = pending
        self.progress = progress
    }

    /// What a job shows as it was read.
    /// - Parameter report: The last one of its worker. It is there for a moment longer than the job runs, and shows then what is stored
    ///   otherwise: so it counts only while there is a worker.
    package init(of job: JobRecord, pending: PendingView?, report: JobProgress?) {
        self.init(pending: pending, progress: job.state.holdsResources ? report : nil)
    }
}
