package import Graph

/// Hinton 2012 as Keras 2 and 3 do it: `v = ρ · v + (1 − ρ) · g²; w -= lr · g / √(v + ε)`; centered, the mean of gradients
/// `a = ρ · a + (1 − ρ) · g` is taken off: `√(v − a² + ε)`; with momentum the scaled gradients are added up:
/// `m = momentum · m + lr · g / √…; w -= m`.
///
/// Slots: `<variable>/velocity`, with momentum `<variable>/momentum`, centered `<variable>/average_gradient`.
package struct KerasRMSprop: Optimizer {
    /// The rate. Default 0.001.
    package var learningRate: LearningRate
    /// How much of the means stays. Default 0.9.
    package var rho: Double
    /// How much of the last step stays. Default 0.
    package var momentum: Double
    /// Added below the root. Default 1e-7.
    package var epsilon: Double
    /// Whether the mean of gradients is taken off. Default false.
    package var centered: Bool

    /// An optimizer with Keras' defaults.
    package init(
        learningRate: LearningRate = 0.001, rho: Double = 0.9, momentum: Double = 0, epsilon: Double = 1e-7,
        centered: Bool = false
    ) {
        self.learningRate = learningRate
        self.rho = rho
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered
    }

    /// Adds the updates and the step's means.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let rate = learningRate.value(in: builder, dtype: variable.type.dtype)
            var variance = slots.slot("velocity", of: variable).mix(gradient.square(), keeping: rho)
            if centered {
                let average = slots.slot("average_gradient", of: variable).mix(gradient, keeping: rho)
                variance = variance - average.square()
            }
            let step = gradient * rate / (variance + epsilon).sqrt()
            guard momentum > 0 else {
                variable.assignSubtract(step)
                continue
            }
            let moment = slots.slot("momentum", of: variable)
            variable.assignSubtract(moment.assign(moment.value * momentum + step))
        }
        return TrainOperation(slots: slots.names)
    }
}
