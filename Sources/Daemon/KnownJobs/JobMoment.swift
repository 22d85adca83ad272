package import API
package import Jobs

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
}
