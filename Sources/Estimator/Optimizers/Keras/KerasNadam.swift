package import Graph

/// Dozat 2016, Adam with Nesterov's momentum, as Keras 2 and 3 define it. With the schedule `μₜ = β₁ · (1 − ½ · 0.96ᵗ)` and
/// its product `Πₜ`: `m̂ = μₜ₊₁ · m / (1 − Πₜ · μₜ₊₁) + (1 − μₜ) · g / (1 − Πₜ); v̂ = v / (1 − β₂ᵗ);
/// w -= lr · m̂ / (√v̂ + ε)`.
///
/// Slots: `<variable>/m`, `<variable>/v`, and the scalar `u_product`.
package struct KerasNadam: Optimizer {
    /// The rate. Default 0.001.
    package var learningRate: LearningRate
    /// How much of the first moment stays. Default 0.9.
    package var beta1: Double
    /// How much of the second moment stays. Default 0.999.
    package var beta2: Double
    /// Added to the corrected root. Default 1e-7.
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
        func momentum(_ step: Tensor) -> Tensor { (1 - builder.constant(0.96).pow(step) * 0.5) * beta1 }
        let (now, next) = (momentum(step), momentum(step + 1))
        let last = slots.scalar("u_product", initial: 1)
        let product = last.assign(last.value * now)
        let rate = learningRate.value(in: builder)
        let ofMoment = rate * next / (1 - product * next)
        let ofGradient = rate * (1 - now) / (1 - product)
        let correction = 1 - builder.constant(beta2).pow(step)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let dtype = variable.type.dtype
            let m = slots.slot("m", of: variable).approach(gradient, by: 1 - beta1)
            let v = slots.slot("v", of: variable).approach(gradient.square(), by: 1 - beta2)
            let scaled = m * ofMoment.cast(to: dtype) + gradient * ofGradient.cast(to: dtype)
            variable.assignSubtract(scaled / ((v / correction.cast(to: dtype)).sqrt() + epsilon))
        }
        return TrainOperation(slots: slots.names)
    }
}
