import Estimator
import Testing

@Suite struct LoggingTensorHookTests {
    /// A clock that is moved by hand.
    private final class Clock {
        var time = Duration.seconds(1_000)
    }

    private let session = ScriptedSession()
    private let log = TraceLog()
    private let clock = Clock()

    private func hook(everySeconds: Double = 30) -> LoggingTensorHook {
        let clock = clock
        return LoggingTensorHook(
            tensors: [("loss", SessionOperation("loss")), ("step", SessionOperation("global_step"))],
            everySeconds: everySeconds, tracer: log.tracer, now: { clock.time })
    }

    private func run(_ hook: LoggingTensorHook, values: [SessionValue]) throws -> Bool {
        let context = SessionRunContext(session: session)
        let fetches = try hook.beforeRun(context)
        try hook.afterRun(context, values: fetches.isEmpty ? [] : values)
        return !fetches.isEmpty
    }

    private var lines: [String] {
        log.events(of: .caller).compactMap { event in
            if case .log(.info, let text) = event { text } else { nil }
        }
    }

    @Test func firstRunAndThenEverySoManySeconds() throws {
        let hook = hook()
        #expect(try run(hook, values: [.real(0.5), .integer(100)]))
        clock.time += .milliseconds(29_999)
        #expect(try !run(hook, values: []))
        clock.time += .milliseconds(1)
        #expect(try run(hook, values: [.real(0.25), .integer(200)]))
        #expect(lines == ["loss = 0.5, step = 100", "loss = 0.25, step = 200 (30.000 sec)"])
    }

    @Test func everyRunWhenTheIntervalIsZero() throws {
        let hook = hook(everySeconds: 0)
        for step in 1...3 {
            #expect(try run(hook, values: [.real(1), .integer(Int64(step))]))
            clock.time += .milliseconds(1)
        }
        #expect(lines.last == "loss = 1.0, step = 3 (0.001 sec)")
    }
}
