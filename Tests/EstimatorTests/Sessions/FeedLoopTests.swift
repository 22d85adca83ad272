import Estimator
import Executor
import TestSupport
import Testing

/// What a controller's worker does with the signals that it is sent.
@Suite struct FeedLoopTests {
    private struct Served {
        /// Runs of the operations.
        var runs: Int
        /// Loop and iteration of each run, where a signal's number counts.
        var labels: [[Int]]
        /// What the worker logged.
        var log: [TraceEvent]
        var closes: Int
        var outcome: FeedController.Outcome?
        var signalsLeft: Int
    }

    private func serve(
        _ signals: [Int32], kind: FeedKind = .infeed, wraps: Bool = false, failing run: Int? = nil,
        closeFails: Bool = false
    ) throws -> Served {
        let log = TraceLog()
        let session = ScriptedSession(
            tracer: log.tracer, failures: run.map { [.worker(kind): $0] } ?? [:], closeFails: closeFails)
        let controller = try FeedController(
            kind: kind, session: session, operations: [SessionOperation("feed")], wrapsInputIntoWhileLoop: wraps,
            tracer: log.tracer)
        for signal in signals { controller.send(signal) }
        controller.join()
        let events = log.events(of: .worker(kind))
        return Served(
            runs: log.runs(of: .worker(kind)),
            labels: events.compactMap {
                if case .iteration(kind, let loop, let number) = $0 { [loop, Int(number)] } else { nil }
            },
            log: events.filter { if case .log = $0 { true } else { false } }, closes: log.closes,
            outcome: controller.outcome, signalsLeft: controller.signalsLeft)
    }

    private static func end(of kind: FeedKind) -> TraceEvent {
        .log(level: .info, text: kind == .infeed ? "Stop Infeed input thread." : "Stop outfeed thread.")
    }

    /// A number is so many runs; none of a number below 1, which still counts as a loop.
    @Test(arguments: [FeedKind.infeed, .outfeed]) func numbers(kind: FeedKind) throws {
        let served = try serve([2, 0, -1, -3, .min, 3], kind: kind)
        #expect(served.labels == [[0, 0], [0, 1], [5, 0], [5, 1], [5, 2]])
        #expect(served.runs == 5 && served.closes == 0 && served.signalsLeft == 0)
        #expect(served.log == [Self.end(of: kind)])
        guard case .stopped? = served.outcome else {
            Issue.record("\(String(describing: served.outcome))")
            return
        }
    }

    /// Where the operation repeats itself a signal is one run, whatever its number; the outfeed's never does.
    @Test func loopsInsideTheOperation() throws {
        let infeed = try serve([2, 0, -1, .max], wraps: true)
        #expect(infeed.runs == 4 && infeed.labels.isEmpty)
        let outfeed = try serve([2, 0, -1, 1], kind: .outfeed, wraps: true)
        #expect(outfeed.runs == 3 && outfeed.labels == [[0, 0], [0, 1], [3, 0]])
    }

    /// What comes behind a stop stays in the queue, the join's own stop included.
    @Test func behindAStop() throws {
        let served = try serve([1, FeedSignal.stop, 5, 6])
        #expect(served.runs == 1 && served.signalsLeft == 3)
        #expect(served.log == [Self.end(of: .infeed)])
    }

    @Test func runsAreTheSumOfTheNumbers() throws {
        let seed: UInt64 = 23
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let signals = (0..<random.below(6)).map { _ in Int32(random.below(9)) }
            let served = try serve(signals)
            #expect(served.runs == Int(signals.reduce(0, +)), "seed \(seed): \(signals)")
        }
    }

    /// The infeed's failure closes the session, once, and nothing more is served.
    @Test func aFailedInfeed() throws {
        let served = try serve([2, 3, 4], failing: 3)
        #expect(served.runs == 4 && served.closes == 1)
        #expect(
            served.log == [
                .log(
                    level: .error,
                    text: "Failed running infeed, closing session.\n"
                        + "You may see an exception from your main session after this.")
            ])
        guard case .sessionClosed(let cause)? = served.outcome else {
            Issue.record("\(String(describing: served.outcome))")
            return
        }
        #expect(cause as? InjectedFailure == InjectedFailure())
        // The third number and the join's stop.
        #expect(served.signalsLeft == 2)
    }

    @Test func aFailedInfeedThatCannotClose() throws {
        let served = try serve([1], failing: 0, closeFails: true)
        #expect(served.closes == 1)
        guard case .uncaught(let cause)? = served.outcome else {
            Issue.record("\(String(describing: served.outcome))")
            return
        }
        #expect(cause as? InjectedFailure == InjectedFailure(message: "injected close failure"))
    }

    /// The source does not catch it: the session stays open, and no line is logged.
    @Test func aFailedOutfeed() throws {
        let served = try serve([2, 3], kind: .outfeed, failing: 1)
        #expect(served.runs == 2 && served.closes == 0 && served.log.isEmpty)
        guard case .uncaught(let cause)? = served.outcome else {
            Issue.record("\(String(describing: served.outcome))")
            return
        }
        #expect(cause as? InjectedFailure == InjectedFailure())
    }
}
