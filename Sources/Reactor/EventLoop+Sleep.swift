import Synchronization

extension EventLoop {
    /// Suspends the task until the clock has reached `deadline`. From anywhere.
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(until deadline: MonotonicInstant) async throws(CancellationError) {
        let sleeper = Sleeper(reactor: self)
        let finished = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                perform { sleeper.begin(deadline, continuation) }
            }
        } onCancel: {
            sleeper.cancelled.store(true, ordering: .relaxed)
            perform { sleeper.end(finished: false) }
        }
        guard finished else { throw CancellationError() }
    }

    /// Suspends the task for `duration`. From anywhere.
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    package func sleep(for duration: Duration) async throws(CancellationError) {
        try await sleep(until: clock.now() + duration)
    }
}

/// One sleeping task.
// @unchecked: all but the atomic flag is touched on the reactor alone.
private final class Sleeper: @unchecked Sendable {
    /// Set by the cancelling thread before it asks the reactor to end the sleep: the sleep may not have begun by then.
    let cancelled = Atomic(false)
    private let reactor: EventLoop
    private var continuation: CheckedContinuation<Bool, Never>?
    private var timer: TimerToken?

    init(reactor: EventLoop) { self.reactor = reactor }

    func begin(_ deadline: MonotonicInstant, _ continuation: CheckedContinuation<Bool, Never>) {
        if cancelled.load(ordering: .relaxed) { return continuation.resume(returning: false) }
        self.continuation = continuation
        timer = reactor.schedule(at: deadline) { self.end(finished: true) }
    }

    func end(finished: Bool) {
        guard let continuation else { return }
        self.continuation = nil
        if !finished, let timer { reactor.cancel(timer) }
        timer = nil
        continuation.resume(returning: finished)
    }
}
