package import Jobs

/// The placement decision: a pure function of a snapshot and the time.
///
/// The order is strict: priority, then age. The first job that is ready but can't start holds back every job behind it
/// (`PRIORITY`), so that a small job never delays a large one that waits for room: nobody starves, and no estimate of
/// run times is needed. One thing is let through: while the head waits for cores, a job behind it that holds no cores
/// may start, as it can't delay the head by any core, provided that a worker's place is left for the head. A job in
/// its backoff, a job that is held and a job that the pod has no slice for hold nobody back.
package enum Scheduler {
    /// Decides what starts now and says of every other job why it waits.
    package static func plan(_ snapshot: Snapshot, now: Timestamp) -> Plan {
        precondition(snapshot.hosts.count == snapshot.pod.hosts, "a snapshot has one state for each host of the pod")
        var pass = Round(snapshot, now: now)
        for job in snapshot.waiting.sorted(by: { ($1.priority, $0.job) < ($0.priority, $1.job) }) { pass.consider(job) }
        return pass.plan
    }
}

/// One walk over the queue.
private struct Round {
    private let snapshot: Snapshot
    private let now: Timestamp
    private var free: FreeCores
    private var workers: Int
    /// The first job that is ready but can't start, and whether it waits for cores rather than for a worker.
    private var head: (job: JobID, waitsForCores: Bool)?
    private(set) var plan = Plan(starts: [], pending: [])

    init(_ snapshot: Snapshot, now: Timestamp) {
        self.snapshot = snapshot
        self.now = now
        free = FreeCores(snapshot)
        workers = snapshot.running.count
    }

    mutating func consider(_ job: Snapshot.Waiting) {
        if job.isHeld { return wait(job, .held) }
        if let slice = job.slice, !slice.fits(snapshot.pod) { return wait(job, .cannotFit) }
        if let retryAt = job.retryAt, retryAt > now {
            plan.wakeAt = min(plan.wakeAt ?? retryAt, retryAt)
            return wait(job, .retryBackoff, earliest: retryAt)
        }
        if snapshot.isDraining { return wait(job, .draining) }
        if let head {
            let leavesRoom = workers + 1 < snapshot.workerLimit
            guard job.slice == nil, head.waitsForCores, leavesRoom else {
                return wait(job, .priority, blocking: [head.job])
            }
            return start(job, on: .cpu)
        }
        guard workers < snapshot.workerLimit else {
            head = (job.job, waitsForCores: false)
            wait(job, .workerLimit, blocking: holdersOfPlaces)
            plan.head = plan.pending.last
            return
        }
        guard let slice = job.slice else { return start(job, on: .cpu) }
        if let placement = free.place(slice) { return start(job, on: placement) }
        head = (job.job, waitsForCores: true)
        let hostsAreMissing = free.wouldFit(slice)
        wait(job, hostsAreMissing ? .hostUnavailable : .coresBusy, blocking: hostsAreMissing ? [] : free.allHolders)
        plan.head = plan.pending.last
    }

    private mutating func start(_ job: Snapshot.Waiting, on placement: Placement) {
        free.take(placement, for: job.job)
        workers += 1
        plan.starts.append(Plan.Start(job: job.job, placement: placement))
    }

    private mutating func wait(
        _ job: Snapshot.Waiting, _ reason: PendingReason, blocking: [JobID] = [], earliest: Timestamp? = nil
    ) {
        plan.pending.append(
            Plan.Pending(
                job: job.job, reason: reason, position: plan.pending.count + 1, blocking: blocking,
                earliestStart: earliest))
    }

    private var holdersOfPlaces: [JobID] { (snapshot.running.map(\.job) + plan.starts.map(\.job)).sorted() }
}
