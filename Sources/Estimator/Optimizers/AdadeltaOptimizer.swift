public import Graph

/// Zeiler 2012 (TensorFlow 1: `tf.train.AdadeltaOptimizer`):
/// `accum = ρ · accum + (1 − ρ) · g²; u = g · √(update + ε) / √(accum + ε); w -= lr · u;
/// update = ρ · update + (1 − ρ) · u²`.
///
/// Slots: `<variable>/Adadelta` (accum), `<variable>/Adadelta_1` (update).
public struct AdadeltaOptimizer: Optimizer {
    /// The rate. Default 0.001.
    package var learningRate: LearningRate
    /// How much of the averages stays. Default 0.95.
    package var rho: Double
    /// Added below the roots. Default 1e-8.
    package var epsilon: Double
    private var slotNames = ("Adadelta", "Adadelta_1")

    /// An optimizer with TensorFlow 1's defaults.
    public init(learningRate: LearningRate = 0.001, rho: Double = 0.95, epsilon: Double = 1e-8) {
        self.learningRate = learningRate
        self.rho = rho
        self.epsilon = epsilon
    }

    /// Keras 2's and 3's: the same formula. Slots: `<variable>/accumulated_grad`, `<variable>/accumulated_delta_var`.
    package static func keras(
        learningRate: LearningRate = 0.001, rho: Double = 0.95, epsilon: Double = 1e-7
    ) -> AdadeltaOptimizer {
        var optimizer = AdadeltaOptimizer(learningRate: learningRate, rho: rho, epsilon: epsilon)
        optimizer.slotNames = ("accumulated_grad", "accumulated_delta_var")
        return optimizer
    }

    /// Adds the updates of variables and averages.
    public func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let rate = learningRate.value(in: builder, dtype: variable.type.dtype)
            let accumulator = slots.slot(slotNames.0, of: variable)
            let update = slots.slot(slotNames.1, of: variable)
            let sum = accumulator.assign(accumulator.value * rho + gradient.square() * (1 - rho))
            let u = gradient * (update.value + epsilon).sqrt() / (sum + epsilon).sqrt()
            update.assign(update.value * rho + u.square() * (1 - rho))
            variable.assignSubtract(u * rate)
        }
        return TrainOperation(slots: slots.names)
    }
}
