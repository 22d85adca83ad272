import Glibc

/// A moment of a clock that never goes back, in nanoseconds since an arbitrary start.
package struct MonotonicInstant: Comparable, Hashable, Sendable {
    /// Nanoseconds since the clock's start.
    package var nanoseconds: UInt64

    /// The moment so many nanoseconds after the clock's start.
    package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// Beyond every deadline.
    package static let distantFuture = MonotonicInstant(nanoseconds: .max)

    /// The earlier moment first.
    package static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The moment `duration` later; a negative duration counts as none, an endless one saturates.
    package static func + (instant: Self, duration: Duration) -> Self {
        guard duration > .zero else { return instant }
        // Beyond this `components` has no room for the seconds.
        guard duration < .seconds(Int64.max) else { return .distantFuture }
        let (seconds, attoseconds) = duration.components
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return .distantFuture }
        let (sum, over) = instant.nanoseconds.addingReportingOverflow(whole)
        guard !over else { return .distantFuture }
        let (total, past) = sum.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000)
        return past ? .distantFuture : MonotonicInstant(nanoseconds: total)
    }

    /// The time from `earlier` to this moment; zero when it is not earlier.
    package func since(_ earlier: Self) -> Duration {
        nanoseconds > earlier.nanoseconds ? .nanoseconds(Int64(nanoseconds - earlier.nanoseconds)) : .zero
    }
}

/// Where a reactor takes its time from.
package protocol ReactorClock: Sendable {
    /// The moment that is now.
    func now() -> MonotonicInstant
}

/// CLOCK_MONOTONIC.
package struct SystemClock: ReactorClock {
    /// The kernel's clock.
    package init() {}

    /// clock_gettime(2) of CLOCK_MONOTONIC.
    package func now() -> MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }
}
