package import Jobs
package import Reactor

/// How long the live attempts of jobs may still run (`max_run_seconds`): what earlier attempts ran is taken off. Values
/// and moments alone; the supervisor sets the alarms.
package struct RunLimits {
    private struct Live {
        var began: MonotonicInstant
        /// Seconds that earlier attempts ran; nil while that is being read.
        var earlier: Double?
        /// The limit in seconds; nil for none.
        var limit: Double?
    }

    private var live: [JobID: Live] = [:]

    /// Nothing runs.
    package init() {}

    /// An attempt begins; how long earlier ones ran is not known yet.
    package mutating func begin(_ job: JobID, limit: Double?, now: MonotonicInstant) {
        live[job] = Live(began: now, limit: limit)
    }

    /// What earlier attempts ran is known.
    package mutating func learn(_ job: JobID, earlier seconds: Double) { live[job]?.earlier = seconds }

    /// Another limit holds; without effect for a job that does not run.
    package mutating func change(_ job: JobID, limit: Double?) { live[job]?.limit = limit }

    /// The attempt has ended.
    package mutating func end(_ job: JobID) { live[job] = nil }

    /// The moment at which the job has used up its time; nil without a limit, and while it does not run.
    package func deadline(of job: JobID) -> MonotonicInstant? {
        guard let attempt = live[job], let earlier = attempt.earlier, let limit = attempt.limit else { return nil }
        // What an earlier version stored may be beyond what a duration holds; thirty years are for good.
        return attempt.began + .seconds(min(max(0, limit - earlier), 1e9))
    }
}
