import Estimator
import Formats
import Testing

/// The topic `signals`.
@Suite struct SeedSignalsConformanceTests {
    @Test func everyCase() throws {
        try SeedTopic(
            name: "signals",
            kinds: [
                "infeed": { try run(.infeed, $0) }, "outfeed": { try run(.outfeed, $0) },
                "signal_constants": { _ in
                    .object(["NEXT_BATCH": .int(Int(FeedSignal.nextBatch)), "STOP": .int(Int(FeedSignal.stop))])
                },
            ]
        ).run()
    }

    private func run(_ kind: FeedKind, _ each: SeedCase) throws -> Observed {
        let input = each.input
        let log = TraceLog()
        let session = ScriptedSession(
            tracer: log.tracer, failures: try input.optionalInt("fail_on_run").map { [.worker(kind): $0] } ?? [:],
            closeFails: try input.flag("close_fails", default: false))
        let controller = try FeedController(
            kind: kind, session: session, operations: [SessionOperation("feed")],
            wrapsInputIntoWhileLoop: try input.flag("wrap_input_fn_into_while_loop", default: false),
            tracer: log.tracer)
        for signal in try input.ints("signals") { controller.send(try #require(Int32(exactly: signal))) }
        if try input.flag("default_signal_sent", default: false) { controller.send() }
        for _ in 0...(try input.optionalInt("extra_joins") ?? 0) { controller.join() }

        let labels = log.events(of: .worker(kind)).compactMap { event -> Observed? in
            if case .iteration(kind, let loop, let iteration) = event { .ints([loop, Int(iteration)]) } else { nil }
        }
        return .object([
            "runs": .int(log.runs(of: .worker(kind))),
            "iteration_labels": .list(labels),
            "worker_log": log.lines(of: .worker(kind)),
            "caller_log": log.lines(of: .caller),
            "session_close_calls": .int(log.closes),
            "uncaught_in_worker": controller.uncaught,
            "worker_alive_after_join": .bool(controller.outcome == nil),
            "worker_is_daemon": .bool(controller.isDaemon),
            "signals_left_in_queue": .int(controller.signalsLeft),
        ])
    }
}

extension FeedController {
    /// The error that ended the worker without being handled, as cases write it.
    var uncaught: Observed {
        if case .uncaught(let error) = outcome { .failure(error) } else { .null }
    }
}
