package import Jobs
package import Reactor

/// When waits end, of jobs or of anything else that has a key, by the clock that nobody sets.
///
/// The store keeps the ends of waits (a back-off, a start deadline) as wall times. What this daemon sees for the first
/// time is reckoned once against the wall clock and from then on waits by the monotonic one: a wall clock that is set
/// back or forth changes nothing. A wait is never longer than the whole of it, counted from when it was first seen: so
/// a clock that was set back while no daemon ran costs a job its full wait again, and never more.
package struct WaitBook<Key: Hashable & Sendable> {
    private struct Wait {
        var end: Timestamp
        var deadline: MonotonicInstant
    }

    private var waits: [Key: Wait] = [:]

    /// No wait is known.
    package init() {}

    /// How many waits are known.
    package var count: Int { waits.count }

    /// A wait begins now, of so many seconds: whatever the wall clock says meanwhile, it ends by the monotonic one.
    /// - Parameter end: The wall time that is stored as its end.
    package mutating func begin(_ job: Key, end: Timestamp, seconds: Double, now: MonotonicInstant) {
        waits[job] = Wait(end: end, deadline: Self.deadline(after: seconds, now))
    }

    /// When a job's wait ends.
    /// - Parameters:
    ///   - end: The wall time that is stored.
    ///   - length: The whole of the wait in seconds.
    ///   - now: By both clocks.
    package mutating func deadline(of job: Key, end: Timestamp, length: Double, now: Moment) -> MonotonicInstant {
        if let known = waits[job], known.end == end { return known.deadline }
        let left = min(max(0, end.seconds(since: now.wall)), max(0, length))
        let deadline = Self.deadline(after: left, now.monotonic)
        waits[job] = Wait(end: end, deadline: deadline)
        return deadline
    }

    /// Drops the waits of jobs that wait no more.
    package mutating func keep(only jobs: Set<Key>) {
        guard waits.count > jobs.count else { return }
        waits = waits.filter { jobs.contains($0.key) }
    }

    private static func deadline(after seconds: Double, _ now: MonotonicInstant) -> MonotonicInstant {
        now + .nanoseconds(Int64(min(max(0, seconds), longest) * 1e9))
    }

    /// Longer waits than this, in seconds (a hundred years), end with the daemon.
    private static var longest: Double { 3_155_760_000.0 }
}
