import Executor

/// Feeds the device, or takes from it, on a thread of its own: it runs enqueue or dequeue operations as often as the
/// signals sent to it say (TensorFlow: `_InfeedThreadController`, `_OutfeedThreadController`).
///
/// Signals wait in one unbounded queue, first in, first out. The worker does not keep the process alive.
package final class FeedController: Sendable {
    /// How the worker ended.
    package enum Outcome: Sendable {
        /// It met the stop signal.
        case stopped
        /// A run of the infeed failed with this error, or ``FeedController/fail(_:)`` told of it, and the worker closed the
        /// session.
        case sessionClosed(after: any Error)
        /// An error ended the worker unhandled: a failed run of the outfeed, a session that another thread had closed, or
        /// closing the session failed.
        case uncaught(any Error)
    }

    /// Which queue is served.
    package let kind: FeedKind

    /// Whether the repetition happens inside the enqueue operation, so that each signal runs it once whatever its
    /// number (TensorFlow: `_WRAP_INPUT_FN_INTO_WHILE_LOOP`). The outfeed ignores it.
    package let wrapsInputIntoWhileLoop: Bool

    private let tracer: EventTracer
    private let queue = Condition(FeedQueue())
    private let worker: WorkerThread<Outcome>

    /// Starts the worker, which waits for the first signal.
    ///
    /// - Parameters:
    ///   - operations: what one iteration runs, in one session run; may be empty.
    /// - Throws: `EstimatorError.threadNotStarted`.
    package init(
        kind: FeedKind,
        session: any Session,
        operations: [SessionOperation],
        wrapsInputIntoWhileLoop: Bool = false,
        tracer: EventTracer = .silent
    ) throws(EstimatorError) {
        self.kind = kind
        self.wrapsInputIntoWhileLoop = wrapsInputIntoWhileLoop
        self.tracer = tracer
        let loop = FeedLoop(
            kind: kind, session: session, operations: operations,
            repeats: !(wrapsInputIntoWhileLoop && kind == .infeed),
            tracer: tracer)
        let queue = queue
        tracer.record(.startThread(kind))
        worker = try WorkerThread(name: kind.rawValue) {
            TraceThread.$current.withValue(.worker(kind)) { loop.run(taking: queue) }
        }
    }

    deinit {
        // A controller without references gets no signals any more: its worker does what is queued and ends instead of waiting on.
        queue.update { $0.isForgotten = true }
    }

    /// Puts a signal into the queue: a number of iterations, or one of `FeedSignal`'s. Nothing checks it.
    package func send(_ signal: Int32 = FeedSignal.nextBatch) {
        tracer.record(.signal(kind, signal))
        queue.update { $0.signals.append(signal) }
    }

    /// Tells the worker that what it was to feed failed, on a thread of a host's own: it does what it does when a run fails
    /// instead of what is queued.
    package func fail(_ error: any Error) { queue.update { $0.fault = $0.fault ?? error } }

    /// Puts the stop signal into the queue and waits for the worker to end; what was queued before is done first.
    /// Joining again is harmless, and its stop signal stays in the queue.
    package func join() {
        tracer.record(.join(kind))
        tracer.log(.info, "Waiting for \(kind.title) Thread to exit.")
        queue.update { $0.signals.append(FeedSignal.stop) }
        worker.join()
    }

    /// How the worker ended; nil: it is still there.
    package var outcome: Outcome? { worker.output }

    /// Whether the process may end while the worker is still there.
    package var isDaemon: Bool { worker.isDetached }

    /// How many signals wait in the queue.
    package var signalsLeft: Int { queue.withLock { $0.signals.count } }
}

extension FeedKind {
    var title: String {
        switch self {
        case .infeed: "Infeed"
        case .outfeed: "Outfeed"
        }
    }
}
