import CLinux
import Dispatch
import Glibc
import Synchronization

/// Threads for work that blocks or takes long, with one queue before them. Swift's own threads are as many as there are
/// processors: what waits for a disk there keeps every task of the process waiting.
package final class ThreadPool: Sendable {
    /// One piece of work, from `run` to its end.
    private final class Piece: Sendable {
        enum State: Int { case waiting, taken, cancelled }
        let work: @Sendable () -> Void
        let queued: MonotonicInstant
        private let state = Atomic(State.waiting.rawValue)

        init(queued: MonotonicInstant, _ work: @escaping @Sendable () -> Void) {
            self.work = work
            self.queued = queued
        }

        /// Leaves the state of waiting, which happens once; false when it was left before.
        func leave(for next: State) -> Bool {
            state.compareExchange(
                expected: State.waiting.rawValue, desired: next.rawValue, ordering: .acquiringAndReleasing
            ).exchanged
        }
    }

    /// What the threads share with the pool, which may end before them.
    private final class Shared: Sendable {
        struct State {
            var queue: [Piece] = []
            /// The first of `queue` that was not taken yet.
            var first = 0
            var isStopping = false
            var delays = DelayGauge()
        }

        let clock: any ReactorClock
        let state = Mutex(State())
        /// One count for each piece in the queue, and one for each thread at the end.
        let pieces = DispatchSemaphore(value: 0)

        init(clock: any ReactorClock) { self.clock = clock }

        /// The life of one thread.
        func work() {
            while true {
                pieces.wait()
                let now = clock.now()
                let (piece, stops) = state.withLock { state -> (Piece?, Bool) in
                    guard state.first < state.queue.count else { return (nil, state.isStopping) }
                    let piece = state.queue[state.first]
                    state.first += 1
                    if state.first == state.queue.count {
                        state.queue.removeAll(keepingCapacity: state.queue.capacity <= 1_024)
                        state.first = 0
                    } else if state.first >= 1_024, 2 * state.first >= state.queue.count {
                        state.queue.removeFirst(state.first)
                        state.first = 0
                    }
                    state.delays.record(now.since(piece.queued), at: now)
                    return (piece, false)
                }
                if let piece, piece.leave(for: .taken) { piece.work() }
                if stops { return }
            }
        }
    }

    private let shared: Shared
    /// How many threads there are.
    package let threads: Int

    /// Starts the threads.
    /// - Parameters:
    ///   - threads: at least one.
    ///   - name: of each thread, at most 15 bytes.
    ///   - niceness: how much they step back behind other threads at least (setpriority(2)). Default 0.
    ///   - clock: for the figures. Default the kernel's.
    /// - Throws: `SystemError` of pthread_create(3) when there is not even one thread.
    package init(
        threads: Int, name: String, niceness: CInt = 0, clock: any ReactorClock = SystemClock()
    ) throws(SystemError) {
        precondition(threads >= 1, "a pool has at least one thread")
        shared = Shared(clock: clock)
        var started = 0
        for _ in 0..<threads {
            do throws(SystemError) {
                try DetachedThread.start(name: name) { [shared] in
                    if niceness > 0 { Self.stepBack(niceness) }
                    shared.work()
                }
                started += 1
            } catch {
                if started == 0 { throw error }
            }
        }
        self.threads = started
    }

    /// Lets the calling thread step back behind those with a lower niceness; one that has stepped back further stays there.
    package static func stepBack(_ niceness: CInt) { _ = clinux_step_back(niceness) }

    deinit {
        shared.state.withLock { $0.isStopping = true }
        for _ in 0..<threads { shared.pieces.signal() }
    }

    /// Runs `body` on one of the threads and comes back with what it returns. A task that is cancelled while its work
    /// waits in the queue comes back at once and the work is never done; once begun, the work is done to its end and
    /// its result comes back all the same.
    /// - Throws: what `body` throws; `CancellationError`.
    package func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        let waiting = Mutex<(piece: Piece, continuation: CheckedContinuation<Value, any Error>)?>(nil)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let piece = Piece(queued: shared.clock.now()) { continuation.resume(with: Result(catching: body)) }
                waiting.withLock { $0 = (piece, continuation) }
                // Cancelled before there was anything to cancel.
                if Task.isCancelled, piece.leave(for: .cancelled) {
                    return continuation.resume(throwing: CancellationError())
                }
                shared.state.withLock { $0.queue.append(piece) }
                shared.pieces.signal()
            }
        } onCancel: {
            guard let (piece, continuation) = waiting.withLock({ $0 }), piece.leave(for: .cancelled) else { return }
            continuation.resume(throwing: CancellationError())
        }
    }

    // MARK: Figures

    /// How long work waited in the queue.
    package var delays: DelayGauge.Figures {
        let now = shared.clock.now()
        return shared.state.withLock { $0.delays.figures(at: now) }
    }

    /// How long the first in the queue has been waiting; nil when none waits.
    package var waiting: Duration? {
        let now = shared.clock.now()
        return shared.state.withLock { state in
            state.first < state.queue.count ? now.since(state.queue[state.first].queued) : nil
        }
    }
}
