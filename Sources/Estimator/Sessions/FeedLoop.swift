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
            let signal: Int32
            switch next(from: queue) {
            case .signal(let number): signal = number
            case .fault(let fault): return failed(fault)
            case .nothing: return .stopped
            }
            if signal == FeedSignal.stop {
                tracer.log(.info, kind == .infeed ? "Stop Infeed input thread." : "Stop outfeed thread.")
                return .stopped
            }
            do {
                try serve(signal, loop: loop, queue)
            } catch {
                return failed(error)
            }
            loop += 1
        }
    }

    /// What is to be done next. A fault of the queue counts before signals, which nobody waits for any more.
    private func next(from queue: Condition<FeedQueue>) -> Taken {
        queue.wait { queue -> Taken? in
            if let fault = queue.fault { return .fault(fault) }
            if !queue.signals.isEmpty { return .signal(queue.signals.removeFirst()) }
            return queue.isForgotten ? .nothing : nil
        } ?? .nothing
    }

    private enum Taken {
        case signal(Int32)
        case fault(any Error)
        case nothing
    }

    private func serve(_ signal: Int32, loop: Int, _ queue: Condition<FeedQueue>) throws {
        guard repeats else {
            try session.run(operations)
            return
        }
        var iteration: Int32 = 0
        while iteration < signal {
            if let fault = queue.withLock({ $0.fault }) { throw fault }
            tracer.record(.iteration(kind, loop: loop, iteration: iteration))
            try session.run(operations)
            iteration += 1
        }
    }

    /// A failed infeed closes the session, since the main thread would wait for its input for ever. A failed outfeed
    /// does nothing of the kind: the source does not catch it. Nor is a session that another thread has closed a failure of
    /// the infeed: whether the worker had come to its end before would be a matter of chance.
    private func failed(_ error: any Error) -> FeedController.Outcome {
        if error as? EstimatorError == .sessionClosed { return .uncaught(error) }
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
    /// What the device met when it asked for what the worker was to feed; nil: nothing.
    var fault: (any Error)?
}
