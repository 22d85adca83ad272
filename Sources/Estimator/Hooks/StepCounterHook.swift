import Executor
import Glibc

/// Logs how fast a training goes every so many steps (TensorFlow: `tf.train.StepCounterHook`, and on the TPU
/// `ExamplesPerSecondHook`). The first run only starts the count, as what is made before the first step would count, too.
package final class StepCounterHook: SessionHook {
    /// Steps between two lines, at least (`log_step_count_steps`). Default 100.
    package let everySteps: Int

    /// Rows of a step, for the line of examples; nil: there is none.
    package let batchSize: Int?

    private let now: () -> Duration
    private let tracer: EventTracer
    private var last: (step: Int64, time: Duration)?

    /// A hook that logs so often.
    ///
    /// - Parameter now: the time since any fixed moment; never goes back. Default: the monotonic clock's.
    package init(
        everySteps: Int = 100, batchSize: Int?, tracer: EventTracer,
        now: @escaping () -> Duration = { .nanoseconds(MonotonicClock.nanoseconds()) }
    ) {
        self.everySteps = max(1, everySteps)
        self.batchSize = batchSize
        self.now = now
        self.tracer = tracer
    }

    /// Logs when enough steps were made.
    ///
    /// - Throws: `EstimatorError.variableNotLoaded`.
    package func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {
        let step = try context.session.variables.value(of: .globalStep)
        guard let last else {
            self.last = (step, now())
            return
        }
        guard step - last.step >= Int64(everySteps) else { return }
        let time = now()
        let rate = Double(step - last.step) / max(1e-9, (time - last.time) / .seconds(1))
        self.last = (step, time)
        tracer.log(.info, "global_step/sec: \(Self.text(of: rate))")
        if let batchSize { tracer.log(.info, "examples/sec: \(Self.text(of: rate * Double(batchSize)))") }
    }

    /// Six significant digits, as `%g` has them.
    private static func text(of value: Double) -> String {
        guard value.isFinite, value > 0 else { return "\(value)" }
        let scale = pow(10, 5 - log10(value).rounded(.down))
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() && rounded < 1e15 ? "\(Int64(rounded))" : "\(rounded)"
    }
}
