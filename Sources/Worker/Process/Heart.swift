import Glibc
import Synchronization

/// A thread that does one small thing again and again.
final class Heart: Sendable {
    private let stopped = Atomic(false)

    /// Begins at once: `beat` is called before this returns, then every `interval` seconds until ``stop()``.
    init(interval: Double, beat: @escaping @Sendable () -> Void) {
        beat()
        DetachedThread.start(name: "heart") { [self] in
            let pause = timespec(tv_sec: Int(interval), tv_nsec: Int((interval - interval.rounded(.down)) * 1e9))
            while true {
                nanosleep([pause], nil)
                if stopped.load(ordering: .relaxed) { return }
                beat()
            }
        }
    }

    /// No beat begins after this but one that is on its way.
    func stop() { stopped.store(true, ordering: .relaxed) }
}
