import CLinux
import Executor
import Glibc

/// A detached thread that runs one body and keeps what it gave. Nothing waits for it when the process ends.
final class WorkerThread<Output: Sendable>: Sendable {
    private let finish = Condition<Output?>(nil)

    /// Whether the thread was made detached: no join is needed to free it.
    let isDetached: Bool

    /// Starts the thread, with a stack of that many bytes or the system's default.
    ///
    /// - Parameter name: what debuggers and `top -H` show; of more than 15 bytes the system takes none.
    /// - Throws: `EstimatorError.threadNotStarted` if the system has no room for one more.
    init(name: String, stackSize: Int? = nil, body: @escaping @Sendable () -> Output) throws(EstimatorError) {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        pthread_attr_init(attributes)
        defer {
            pthread_attr_destroy(attributes)
            attributes.deallocate()
        }
        pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
        if let stackSize { pthread_attr_setstacksize(attributes, stackSize) }
        var detached: Int32 = 0
        pthread_attr_getdetachstate(attributes, &detached)
        isDetached = detached == Int32(PTHREAD_CREATE_DETACHED)

        let finish = finish
        let start = Unmanaged.passRetained(
            ThreadStart {
                clinux_name_thread(pthread_self(), name)
                let output = body()
                finish.update { $0 = output }
            })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw .threadNotStarted(code: code)
        }
    }

    /// What the body gave; nil: it still runs.
    var output: Output? { finish.withLock { $0 } }

    /// Waits until the body has returned.
    func join() {
        _ = finish.wait { $0 }
    }
}

private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void

    init(body: @escaping @Sendable () -> Void) {
        self.body = body
    }
}
