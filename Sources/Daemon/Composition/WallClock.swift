import Glibc
package import Jobs

/// CLOCK_REALTIME: the time that is stored and shown.
package enum WallClock {
    /// The moment that is now.
    package static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec / 1_000))
    }
}
