import Jobs
package import Reactor

/// The requests that wait for something to happen, each on the reactor of its connection. Whatever happens is told to every
/// reactor; nothing is shared between two of them but what they read.
package final class WaitingRequests: Sendable {
    /// Those of one reactor.
    package struct Local: Sendable {
        /// Where they wait.
        let reactor: EventLoop
        /// Long polls: told that a job's version has grown.
        let changes: LongPolls
        /// Told that a job's log has grown.
        let logs: FollowedLogs
        /// Told what happens to jobs.
        let events: FollowedEvents
    }

    private let locals: [Local]

    /// Nobody waits yet.
    /// - Parameters:
    ///   - reactors: Where requests may wait.
    ///   - make: Makes what they need on one of them.
    init(_ reactors: [EventLoop], _ make: (EventLoop) -> Local) { locals = reactors.map(make) }

    /// Those of a reactor, which is one of the daemon's.
    package func on(_ reactor: EventLoop) -> Local {
        guard let local = locals.first(where: { $0.reactor === reactor }) else {
            preconditionFailure("requests wait on the daemon's reactors only")
        }
        return local
    }

    /// How many wait.
    var count: Int { locals.reduce(0) { $0 + $1.changes.count + $1.logs.count + $1.events.count } }

    /// How late the reactors run what is due: of each figure the worst.
    var lag: DelayGauge.Figures {
        locals.map(\.reactor.lag).reduce(.init(average: .zero, longest: .zero)) { worst, lag in
            .init(average: max(worst.average, lag.average), longest: max(worst.longest, lag.longest))
        }
    }

    /// A job has changed. Does not wait.
    func jobChanged(_ job: JobID) {
        for local in locals { local.changes.announce(job) }
    }

    /// A job's log may have grown, or the job has ended. Does not wait.
    func logGrew(_ job: JobID) {
        for local in locals { local.logs.announce(job) }
    }

    /// A commit has events of these jobs. Does not wait.
    func eventsCommitted(_ jobs: Set<JobID>) {
        for local in locals { local.events.announce(jobs) }
    }

    /// Makes every long poll and every log be looked at.
    func lookAtAll() {
        for local in locals {
            local.changes.announceAll()
            local.logs.announceAll()
        }
    }

    /// Ends every stream of events where it is: clients go on elsewhere with the number that they saw last.
    func endEvents() async {
        for local in locals { await local.events.close() }
    }
}
