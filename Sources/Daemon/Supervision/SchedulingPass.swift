import API
import Jobs
import Scheduling
import Store

/// One scheduling pass as values: what the store says in, what is to be done out.
struct SchedulingPass: Sendable {
    /// What was decided.
    let plan: Plan
    private let jobs: [JobID: LiveJob]

    /// - Parameters:
    ///   - live: Every job that is not finished.
    ///   - workers: How many may run at once.
    ///   - isDraining: Whether nothing is started any more.
    init(_ live: [LiveJob], pod: Pod, workers: Int, now: Timestamp, isDraining: Bool = false) {
        var snapshot = Snapshot(pod: pod, workerLimit: workers)
        snapshot.isDraining = isDraining
        for job in live {
            if job.state.holdsResources {
                snapshot.running.append(.init(job: job.id, placement: job.placement ?? .cpu))
            } else if job.state == .queued || job.state == .retryWait {
                snapshot.waiting.append(
                    .init(
                        job: job.id, priority: job.priority, slice: job.slice,
                        retryAt: job.earliestStart(after: now), isHeld: job.isHeld))
            }
        }
        plan = Scheduler.plan(snapshot, now: now)
        jobs = Dictionary(uniqueKeysWithValues: live.map { ($0.id, $0) })
    }

    /// The version that a job had when the decision was made.
    func version(of job: JobID) -> Int { jobs[job]?.version ?? 0 }

    /// The jobs that wait after this plan, in the order in which they will start.
    var queue: [QueuedJobView] {
        plan.pending.map { pending in
            QueuedJobView(id: pending.job, priority: jobs[pending.job]?.priority ?? 0, pending: PendingView(pending))
        }
    }

    /// Why each job waits.
    var pending: [JobID: PendingView] {
        Dictionary(uniqueKeysWithValues: plan.pending.map { ($0.job, PendingView($0)) })
    }
}

extension LiveJob {
    /// The end of its back-off. A job that waits one out does so until it is moved on, also when the wall clock was set
    /// past that moment.
    fileprivate func earliestStart(after now: Timestamp) -> Timestamp? {
        guard state == .retryWait else { return nil }
        return max(retryAt ?? now, Timestamp(microseconds: now.microseconds + 1))
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
