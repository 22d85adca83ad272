import Glibc
import Synchronization

/// A thread that tells again and again that the process lives, and how much it has worked.
final class Heartbeat: Sendable {
    private let stopped = Atomic(false)

    /// Begins at once: `beat` is called before this returns, then every `interval` seconds until ``stop()``. It gets the
    /// processor time in seconds that the process has taken since it began, without its own thread's.
    init(interval: Double, beat: @escaping @Sendable (Double) -> Void) {
        beat(Self.seconds(CLOCK_PROCESS_CPUTIME_ID))
        BackgroundThread.start(name: "heartbeat") { [self] in
            let pause = timespec(tv_sec: Int(interval), tv_nsec: Int((interval - interval.rounded(.down)) * 1e9))
            while true {
                nanosleep([pause], nil)
                if stopped.load(ordering: .relaxed) { return }
                beat(Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - Self.seconds(CLOCK_THREAD_CPUTIME_ID))
            }
        }
    }

    /// No beat begins after this but one that is on its way.
    func stop() { stopped.store(true, ordering: .relaxed) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
