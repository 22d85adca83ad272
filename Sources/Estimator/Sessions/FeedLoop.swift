import Executor

/// What a feed controller's worker does.
struct FeedLoop: Sendable {
    let kind: FeedKind
    let session: any Session
    let operations: [SessionOperation]
    /// Whether a signal's number is the number of runs; otherwise each signal is one run.
    let repeats: Bool
    let tracer: EventTracer

    func run(taking queue: Condition<FeedQueue>) -> FeedController.Outcome {
        var loop = 0
        while true {
            guard let signal = next(from: queue) else { return .stopped }
            if signal == FeedSignal.stop {
                tracer.log(.info, kind == .infeed ? "Stop Infeed input thread." : "Stop outfeed thread.")
                return .stopped
            }
            do {
                try serve(signal, loop: loop)
            } catch {
                return failed(error)
            }
            loop += 1
        }
    }

    /// The next signal; nil: none is left, and the controller is forgotten.
    private func next(from queue: Condition<FeedQueue>) -> Int32? {
        let taken = queue.wait { queue -> Taken? in
            if !queue.signals.isEmpty { return .signal(queue.signals.removeFirst()) }
            return queue.isForgotten ? .nothing : nil
        }
        guard case .signal(let signal) = taken else { return nil }
        return signal
    }

    private enum Taken {
        case signal(Int32)
        case nothing
    }

    private func serve(_ signal: Int32, loop: Int) throws {
        guard repeats else {
            try session.run(operations)
            return
        }
        var iteration: Int32 = 0
        while iteration < signal {
            tracer.record(.iteration(kind, loop: loop, iteration: iteration))
            try session.run(operations)
            iteration += 1
        }
    }

    /// A failed infeed closes the session, since the main thread would wait for its input for ever. A failed outfeed
    /// does nothing of the kind: the source does not catch it.
    private func failed(_ error: any Error) -> FeedController.Outcome {
        guard kind == .infeed else { return .uncaught(error) }
        tracer.log(
            .error,
            "Failed running infeed, closing session.\nYou may see an exception from your main session after this.")
        do {
            try session.close()
        } catch let closing {
            return .uncaught(closing)
        }
        return .sessionClosed(after: error)
    }
}

/// What a controller and its worker share.
struct FeedQueue {
    /// Signals that wait, first in, first out.
    var signals: [Int32] = []
    /// Whether the controller is gone, so that no signal can come any more.
    var isForgotten = false
}
