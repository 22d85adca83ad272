public import Graph

/// Gradient descent with momentum (TensorFlow 1: `tf.train.MomentumOptimizer`):
/// `accum = momentum · accum + g; w -= lr · accum`, with Nesterov's `w -= lr · (g + momentum · accum)`.
///
/// Slot: `<variable>/Momentum`.
public struct MomentumOptimizer: Optimizer {
    /// The rate.
    package var learningRate: LearningRate
    /// How much of the accumulator stays.
    package var momentum: Double
    /// Whether the gradient is looked at ahead. Default false.
    package var useNesterov: Bool

    /// An optimizer of that rate and momentum.
    public init(learningRate: LearningRate, momentum: Double, useNesterov: Bool = false) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.useNesterov = useNesterov
    }

    /// Adds the updates of variables and accumulators.
    public func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let rate = learningRate.value(in: builder, dtype: variable.type.dtype)
            let accumulator = slots.slot("Momentum", of: variable)
            let accumulated = accumulator.assign(accumulator.value * momentum + gradient)
            let direction = useNesterov ? gradient + accumulated * momentum : accumulated
            variable.assignSubtract(direction * rate)
        }
        return TrainOperation(slots: slots.names)
    }
}
