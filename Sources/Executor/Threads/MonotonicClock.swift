import Glibc

/// The kernel's monotonic clock (clock_gettime(2), CLOCK_MONOTONIC).
package enum MonotonicClock {
    /// Nanoseconds since some fixed point.
    package static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
