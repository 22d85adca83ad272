package import Jobs

/// What a plan says of the whole queue, in a few words: why any job waits follows from these, so that nothing has to be
/// kept for each of a hundred thousand jobs.
package struct QueueOutlook: Hashable, Sendable {
    private let pod: Pod
    private let isDraining: Bool
    private let head: Plan.Pending?
    private let headPriority: Int

    /// The outlook after a plan that was made of a snapshot, which need not have had the whole queue.
    package init(after plan: Plan, of snapshot: Snapshot) {
        pod = snapshot.pod
        isDraining = snapshot.isDraining
        head = plan.head
        headPriority = snapshot.waiting.first { $0.job == plan.head?.job }?.priority ?? 0
    }

    /// Why a job waits; nil for one that the plan starts, or that came after it and is looked at next.
    ///
    /// - Parameters:
    ///   - position: Its place in the queue, from 1.
    ///   - now: A back-off that is over by then is one no more.
    package func pending(_ job: Snapshot.Waiting, position: Int, now: Timestamp) -> Plan.Pending? {
        func because(
            _ reason: PendingReason, blocking: [JobID] = [], earliest: Timestamp? = nil
        ) -> Plan.Pending {
            Plan.Pending(
                job: job.job, reason: reason, position: position, blocking: blocking, earliestStart: earliest)
        }
        if job.isHeld { return because(.held) }
        if let slice = job.slice, !slice.fits(pod) { return because(.cannotFit) }
        if let retryAt = job.retryAt, retryAt > now { return because(.retryBackoff, earliest: retryAt) }
        if isDraining { return because(.draining) }
        guard let head, !isBefore(head, job) else { return nil }
        return head.job == job.job
            ? because(head.reason, blocking: head.blocking) : because(.priority, blocking: [head.job])
    }

    /// Whether a job goes before the head, by priority and then age.
    private func isBefore(_ head: Plan.Pending, _ job: Snapshot.Waiting) -> Bool {
        (headPriority, job.job) < (job.priority, head.job)
    }
}
