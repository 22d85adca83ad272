package import Graph

/// Kingma and Ba 2014, section 7.1, as Keras 2 and 3 do it: `m += (g − m) · (1 − β₁); u = max(β₂ · u, |g|);
/// w -= lr · m / ((1 − β₁ᵗ) · (u + ε))`.
///
/// Slots: `<variable>/m`, `<variable>/u`.
package struct KerasAdamax: Optimizer {
    /// The rate. Default 0.001.
    package var learningRate: LearningRate
    /// How much of the moment stays. Default 0.9.
    package var beta1: Double
    /// How much of the largest gradient stays. Default 0.999.
    package var beta2: Double
    /// Added to the largest gradient. Default 1e-7.
    package var epsilon: Double

    /// An optimizer with Keras' defaults.
    package init(
        learningRate: LearningRate = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    /// Adds the updates and the step's moments.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        let step = (UpdateCount.value(in: builder) + 1).cast(to: .float32)
        let rate = learningRate.value(in: builder) / (1 - builder.constant(beta1).pow(step))
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let m = slots.slot("m", of: variable).approach(gradient, by: 1 - beta1)
            let largest = slots.slot("u", of: variable)
            let u = largest.assign((largest.value * beta2).maximum(gradient.abs()))
            variable.assignSubtract(m * rate.cast(to: variable.type.dtype) / (u + epsilon))
        }
        return TrainOperation(slots: slots.names)
    }
}
