import API
package import Jobs
package import Scheduling
package import Store

/// One scheduling pass as values: what the store says in, what is to be done out.
package struct SchedulingPass: Sendable {
    /// What was decided.
    package let plan: Plan
    /// Why the jobs wait that are not started.
    package let outlook: QueueOutlook
    private let versions: [JobID: Int]

    /// Makes the pass.
    ///
    /// - Parameters:
    ///   - front: What of the queue can start.
    ///   - workers: How many may run at once.
    ///   - hosts: The state of each host of the pod; default all are UP.
    ///   - isDraining: Whether nothing is started any more; default false.
    package init(
        _ front: QueueFront, pod: Pod, hosts: [HostState]? = nil, workers: Int, now: Timestamp, isDraining: Bool = false
    ) {
        var snapshot = Snapshot(pod: pod, workerLimit: workers)
        if let hosts { snapshot.hosts = hosts }
        snapshot.isDraining = isDraining
        snapshot.running = front.holding.map { .init(job: $0.id, placement: $0.placement ?? .cpu) }
        snapshot.waiting = front.ready.map { Snapshot.Waiting($0, now: now) }
        plan = Scheduler.plan(snapshot, now: now)
        outlook = QueueOutlook(after: plan, of: snapshot)
        versions = Dictionary(front.ready.map { ($0.id, $0.version) }) { first, _ in first }
    }

    /// The version that a job had when the decision was made.
    package func version(of job: JobID) -> Int { versions[job] ?? 0 }
}

extension Snapshot.Waiting {
    /// What a job waits for. One that waits out a back-off does so until it is moved on, also when the wall clock was set
    /// past that moment.
    package init(_ job: LiveJob, now: Timestamp) {
        self.init(
            job: job.id, priority: job.priority, slice: job.slice,
            retryAt: Self.earliestStart(job.state, job.retryAt, now), isHeld: job.isHeld)
    }

    /// The same of a whole record.
    package init(_ job: JobRecord, now: Timestamp) {
        self.init(
            job: job.id, priority: job.priority, slice: job.slice,
            retryAt: Self.earliestStart(job.state, job.retryAt, now), isHeld: job.isHeld)
    }

    private static func earliestStart(_ state: JobState, _ retryAt: Timestamp?, _ now: Timestamp) -> Timestamp? {
        state == .retryWait ? max(retryAt ?? now, now.advanced(bySeconds: 1e-6)) : nil
    }
}

extension PendingView {
    /// What the plan says of a job.
    init(_ pending: Plan.Pending) {
        self.init(
            reason: pending.reason, position: pending.position, blocking: pending.blocking,
            earliestStart: pending.earliestStart)
    }
}
