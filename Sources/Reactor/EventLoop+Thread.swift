import CLinux
import Glibc

extension EventLoop {
    /// Makes a thread that runs the reactor until `stop()`.
    /// - Parameter name: the thread's name, at most 15 bytes. Default "reactor".
    /// - Returns: what waits for the thread's end.
    /// - Throws: `SystemError` of pthread_create(3).
    package nonisolated func start(name: String = "reactor") throws(SystemError) -> ReactorThread {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, nil,
            { argument in
                // The argument is the retained reactor of the lines around: never nil.
                Unmanaged<EventLoop>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw SystemError(call: "pthread_create", code: code)
        }
        clinux_name_thread(thread, String(name.prefix(15)))
        return ReactorThread(thread: thread)
    }
}

/// The thread of a reactor that `start()` made; joined exactly once.
package struct ReactorThread: ~Copyable, Sendable {
    private let thread: pthread_t

    init(thread: pthread_t) { self.thread = thread }

    /// Waits until the reactor has stopped. Not from its own thread.
    package consuming func join() { _ = pthread_join(thread, nil) }
}
