import Executor

/// Logs the values of operations every so many seconds (TensorFlow: `tf.train.LoggingTensorHook`). The first run is
/// logged always.
package final class LoggingTensorHook: SessionHook {
    /// What is logged, in order: the word shown, and what is fetched.
    package let tensors: [(tag: String, operation: SessionOperation)]

    /// Seconds between two lines, at least. Default 30.
    package let everySeconds: Double

    private let now: () -> Duration
    private let tracer: EventTracer
    private var lastLogged: Duration?

    /// A hook that logs these values.
    ///
    /// - Parameter now: the time since any fixed moment; never goes back.
    package init(
        tensors: [(tag: String, operation: SessionOperation)],
        everySeconds: Double = 30,
        tracer: EventTracer,
        now: @escaping () -> Duration
    ) {
        self.tensors = tensors
        self.everySeconds = everySeconds
        self.now = now
        self.tracer = tracer
    }

    /// A hook that logs loss and step of a training as often as the configuration says.
    convenience init(ofTraining config: RunConfig, tracer: EventTracer) {
        self.init(
            tensors: [("loss", .loss), ("step", .globalStep)], everySeconds: Double(config.logEverySeconds),
            tracer: tracer, now: { .nanoseconds(MonotonicClock.nanoseconds()) })
    }

    /// Fetches the values when a line is due.
    package func beforeRun(_ context: SessionRunContext) throws -> [SessionOperation] {
        if let lastLogged, (now() - lastLogged) / .seconds(1) < everySeconds { return [] }
        return tensors.map(\.operation)
    }

    /// Logs the values that were fetched.
    package func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {
        guard !tensors.isEmpty, values.count == tensors.count else { return }
        let time = now()
        let shown = zip(tensors, values).map { "\($0.tag) = \($1)" }.joined(separator: ", ")
        if let lastLogged {
            let milliseconds = Int((time - lastLogged) / .milliseconds(1))
            let fraction = "\(1_000 + milliseconds % 1_000)".dropFirst()
            tracer.log(.info, "\(shown) (\(milliseconds / 1_000).\(fraction) sec)")
        } else {
            tracer.log(.info, shown)
        }
        lastLogged = time
    }
}
