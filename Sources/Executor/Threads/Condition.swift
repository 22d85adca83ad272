import Glibc

/// State behind a lock on which threads can wait: a POSIX mutex and condition variable (pthread_cond_wait(3)) on the
/// monotonic clock. The one way in which tpud's real threads block.
// @unchecked: `state` is touched only between lock and unlock of the mutex.
package final class Condition<State>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    /// State that this condition guards from now on.
    package init(_ state: sending State) {
        self.state = state
        var attributes = pthread_condattr_t()
        let made =
            pthread_mutex_init(mutex, nil) | pthread_condattr_init(&attributes)
            | pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) | pthread_cond_init(condition, &attributes)
        precondition(made == 0, "a mutex and a condition on the monotonic clock can always be made")
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Reads or changes the state and lets waiting threads look again when `body` returns or throws.
    package func update<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        return try body(&state)
    }

    /// Reads or changes the state without waking anybody.
    package func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Calls `body` under the lock, again after each update, until it returns a value or throws.
    ///
    /// - Parameter seconds: gives up after this long (nil: never) and returns nil.
    package func wait<Result, Failure: Error>(
        atMost seconds: Double? = nil, until body: (inout State) throws(Failure) -> Result?
    ) throws(Failure) -> Result? {
        let deadline = seconds.map(Condition.deadline)
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = try body(&state) { return result }
            if var deadline {
                if pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT { return try body(&state) }
            } else {
                pthread_cond_wait(condition, mutex)
            }
        }
    }

    private static func deadline(after seconds: Double) -> timespec {
        let nanoseconds = MonotonicClock.nanoseconds() &+ UInt64(max(0, min(seconds, 1e9)) * 1e9)
        return timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}
