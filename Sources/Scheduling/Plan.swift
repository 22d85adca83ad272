package import Jobs

/// What a scheduling decision says.
package struct Plan: Hashable, Sendable {
    /// A job to be started and the cores that it gets.
    package struct Start: Hashable, Sendable {
        /// The job.
        package var job: JobID
        /// Its cores; none for a job that uses no TPU.
        package var placement: Placement

        /// Makes an entry.
        package init(job: JobID, placement: Placement) {
            self.job = job
            self.placement = placement
        }
    }

    /// Why a job does not start.
    package struct Pending: Hashable, Sendable {
        /// The job.
        package var job: JobID
        /// Why it waits.
        package var reason: PendingReason
        /// Its place among those that wait after this plan, from 1.
        package var position: Int
        /// The jobs that hold what it needs, or the one that is before it; by id.
        package var blocking: [JobID]
        /// Before this it can't start; nil where that is not known.
        package var earliestStart: Timestamp?

        /// Makes an entry.
        package init(
            job: JobID, reason: PendingReason, position: Int, blocking: [JobID], earliestStart: Timestamp?
        ) {
            self.job = job
            self.reason = reason
            self.position = position
            self.blocking = blocking
            self.earliestStart = earliestStart
        }
    }

    /// The jobs to start, in this order.
    package var starts: [Start]
    /// The others, in the queue's order.
    package var pending: [Pending]
    /// The first job that is ready but can't start, which holds back those behind it; nil when there is none.
    package var head: Pending?
    /// When to decide anew even if nothing else happens: the end of the next backoff; nil for never.
    package var wakeAt: Timestamp?
}
