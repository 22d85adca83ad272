package import Graph

/// You et al. 2019 (TensorFlow Addons' `LAMB`; without decay Keras 3's `Lamb`): Adam's corrected step, with the decay as a
/// part of it, scaled variable by variable to the length of the variable: `u = m̂ / (√v̂ + ε) + decay · w;
/// w -= lr · ‖w‖ / ‖u‖ · u`, the ratio 1 where either length is 0.
///
/// Slots: `<variable>/m`, `<variable>/v`.
package struct LAMBOptimizer: Optimizer {
    /// The rate. Default 0.001.
    package var learningRate: LearningRate
    /// Default 0.
    package var weightDecay: Double
    /// How much of the first moment stays. Default 0.9.
    package var beta1: Double
    /// How much of the second moment stays. Default 0.999.
    package var beta2: Double
    /// Added to the corrected root. Default 1e-6.
    package var epsilon: Double
    /// Variables that don't decay.
    package var exclusions: WeightDecayExclusions

    /// An optimizer with TensorFlow Addons' defaults.
    package init(
        learningRate: LearningRate = 0.001, weightDecay: Double = 0, beta1: Double = 0.9, beta2: Double = 0.999,
        epsilon: Double = 1e-6, exclusions: WeightDecayExclusions = .none
    ) {
        self.learningRate = learningRate
        self.weightDecay = weightDecay
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.exclusions = exclusions
    }

    /// Adds the updates of variables and moments.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        let step = (UpdateCount.value(in: builder) + 1).cast(to: .float32)
        let corrections = (1 - builder.constant(beta1).pow(step), 1 - builder.constant(beta2).pow(step))
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let dtype = variable.type.dtype
            let m = slots.slot("m", of: variable).approach(gradient, by: 1 - beta1)
            let v = slots.slot("v", of: variable).approach(gradient.square(), by: 1 - beta2)
            let step = m / corrections.0.cast(to: dtype) / ((v / corrections.1.cast(to: dtype)).sqrt() + epsilon)
            let update = exclusions.adding(weightDecay, of: variable, to: step)
            let lengths = (
                variable.value.square().reduceSum().sqrt(), update.square().reduceSum().sqrt()
            )
            let ratio = ((lengths.0 .> 0) .& (lengths.1 .> 0)).select(
                lengths.0 / lengths.1, builder.constant(1, dtype: dtype))
            variable.assignSubtract(update * (ratio * learningRate.value(in: builder, dtype: dtype)))
        }
        return TrainOperation(slots: slots.names)
    }
}
