import Glibc
package import Jobs
package import Reactor

/// What time it is, in the three ways that a daemon needs. It comes in as a parameter: nothing else in the daemon reads
/// a clock.
///
/// The wall time is stored and shown, and somebody may set it at any moment: so nothing waits by it. What waits, waits
/// by the monotonic time, which means nothing to another boot of the machine: the boot's id tells them apart.
package struct DaemonClock: Sendable {
    /// The clock that deadlines are counted by: the reactor's own.
    package let monotonic: any ReactorClock
    /// The boot of the machine that the monotonic time belongs to; empty where the kernel does not say.
    package let bootID: String
    private let readWall: @Sendable () -> Timestamp

    /// A clock of these parts; tests bring their own.
    package init(monotonic: any ReactorClock, bootID: String, wall: @escaping @Sendable () -> Timestamp) {
        self.monotonic = monotonic
        self.bootID = bootID
        readWall = wall
    }

    /// CLOCK_REALTIME, CLOCK_MONOTONIC and `/proc/sys/kernel/random/boot_id`.
    package static let system = DaemonClock(monotonic: SystemClock(), bootID: Self.readBootID()) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec / 1_000))
    }

    /// The wall time that is now.
    package func wall() -> Timestamp { readWall() }

    /// Both times, read together.
    package func now() -> Moment { Moment(wall: readWall(), monotonic: monotonic.now()) }

    private static func readBootID() -> String {
        let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { SystemCall.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)).prefix { $0 > 32 }, as: UTF8.self)
    }
}

/// One moment by both clocks.
package struct Moment: Hashable, Sendable {
    /// What is stored and shown.
    package var wall: Timestamp
    /// What deadlines are counted by.
    package var monotonic: MonotonicInstant

    /// Makes a moment of a wall time and a monotonic time that were read together.
    package init(wall: Timestamp, monotonic: MonotonicInstant) {
        self.wall = wall
        self.monotonic = monotonic
    }
}
