package import Graph

/// Adam as Keras 2 and 3 do it: the formula of ``AdamOptimizer`` with the powers of both β taken by `pow` of the step's
/// number (from 1), and ε 1e-7 by default, added to the uncorrected root.
///
/// Slots: `<variable>/m`, `<variable>/v`, with `amsgrad` also `<variable>/vhat`.
package struct KerasAdam: Optimizer {
    /// The rate. Default 0.001.
    package var learningRate: LearningRate
    /// How much of the first moment stays. Default 0.9.
    package var beta1: Double
    /// How much of the second moment stays. Default 0.999.
    package var beta2: Double
    /// Added to the root. Default 1e-7.
    package var epsilon: Double
    /// Whether the largest second moment so far counts (Reddi et al. 2018). Default false.
    package var amsgrad: Bool

    /// An optimizer with Keras' defaults.
    package init(
        learningRate: LearningRate = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-7,
        amsgrad: Bool = false
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.amsgrad = amsgrad
    }

    /// Adds the updates and the step's moments.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        let step = (UpdateCount.value(in: builder) + 1).cast(to: .float32)
        let corrections = (
            1 - builder.constant(beta1).pow(step), (1 - builder.constant(beta2).pow(step)).sqrt()
        )
        let rate = learningRate.value(in: builder) * corrections.1 / corrections.0
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let m = slots.slot("m", of: variable).approach(gradient, by: 1 - beta1)
            var v = slots.slot("v", of: variable).approach(gradient.square(), by: 1 - beta2)
            if amsgrad {
                let largest = slots.slot("vhat", of: variable)
                v = largest.assign(largest.value.maximum(v))
            }
            variable.assignSubtract(m * rate.cast(to: variable.type.dtype) / (v.sqrt() + epsilon))
        }
        return TrainOperation(slots: slots.names)
    }
}
