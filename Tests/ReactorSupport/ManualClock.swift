package import Reactor
import Synchronization

/// A clock that moves only when it is told to: timeouts are tested without waiting. After `advance`, wake the reactor
/// (`EventLoop.wake()`) so that it looks at the time.
package final class ManualClock: ReactorClock {
    private let time: Mutex<UInt64>

    /// A clock that shows `nanoseconds`. Default: a second.
    package init(nanoseconds: UInt64 = 1_000_000_000) { time = Mutex(nanoseconds) }

    /// What the clock shows.
    package func now() -> MonotonicInstant { MonotonicInstant(nanoseconds: time.withLock { $0 }) }

    /// Moves the clock on.
    package func advance(by duration: Duration) {
        time.withLock { $0 = (MonotonicInstant(nanoseconds: $0) + duration).nanoseconds }
    }
}
