import Glibc

/// The queue between a caller and a worker thread: first in, first out, of unbounded size.
final class SignalQueue: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let filled = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var signals: [Int32] = []

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(filled, nil)
    }

    deinit {
        pthread_cond_destroy(filled)
        pthread_mutex_destroy(mutex)
        filled.deallocate()
        mutex.deallocate()
    }

    var count: Int {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return signals.count
    }

    func put(_ signal: Int32) {
        pthread_mutex_lock(mutex)
        signals.append(signal)
        pthread_cond_signal(filled)
        pthread_mutex_unlock(mutex)
    }

    func take() -> Int32 {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while signals.isEmpty { pthread_cond_wait(filled, mutex) }
        return signals.removeFirst()
    }
}
