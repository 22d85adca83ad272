import CLinux
import Glibc

/// A thread that nobody waits for.
enum BackgroundThread {
    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts one.
    /// - Parameter name: At most 15 bytes.
    nonisolated static func start(name: String, _ run: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run))
        let code = pthread_create(
            &thread, nil,
            { argument in
                // The argument is the retained body of the lines around: never nil.
                Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
                return nil
            }, body.toOpaque())
        precondition(code == 0, "a worker that can't have its two threads can't work: pthread_create says \(code)")
        clinux_name_thread(thread, name)
        pthread_detach(thread)
    }
}
