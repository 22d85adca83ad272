import CLinux
import Glibc

/// Threads that end by themselves and are waited for by nobody.
package enum DetachedThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread that runs `body`.
    /// - Parameter name: the thread's name, at most 15 bytes.
    /// - Throws: `SystemError` of pthread_create(3).
    package static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Body(body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                // The argument is the retained closure of the lines around: never nil.
                Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw SystemError(call: "pthread_create", code: code)
        }
        clinux_name_thread(thread, String(name.prefix(15)))
        pthread_detach(thread)
    }
}
