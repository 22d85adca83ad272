import Glibc
import Synchronization

/// A thread that runs one body and keeps what it gave. Nothing waits for it when the process ends.
final class WorkerThread<Result: Sendable>: Sendable {
    private let state: Finish

    init(name: String, body: @escaping @Sendable () -> Result) throws(EstimatorError) {
        let finish = Finish()
        state = finish
        let start = Unmanaged.passRetained(Start(name: name) { finish.set(body()) })
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                start.body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw .threadNotStarted(code: code)
        }
    }

    var result: Result? { state.value }
    var isDetached: Bool { true }
    func join() { state.wait() }

    private final class Finish: @unchecked Sendable {
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private var stored: Result?

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(done, nil)
        }

        deinit {
            pthread_cond_destroy(done)
            pthread_mutex_destroy(mutex)
            done.deallocate()
            mutex.deallocate()
        }

        var value: Result? {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            return stored
        }

        func set(_ value: Result) {
            pthread_mutex_lock(mutex)
            stored = value
            pthread_cond_broadcast(done)
            pthread_mutex_unlock(mutex)
        }

        func wait() {
            pthread_mutex_lock(mutex)
            while stored == nil { pthread_cond_wait(done, mutex) }
            pthread_mutex_unlock(mutex)
        }
    }
}

private final class Start {
    let name: String
    let body: @Sendable () -> Void
    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}
