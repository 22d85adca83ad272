package import Graph

/// Adam as BERT's code trains (its `AdamWeightDecayOptimizer`): no correction of the moments, and the decay is a part of
/// the step: `m = β₁ · m + (1 − β₁) · g; v = β₂ · v + (1 − β₂) · g²; w -= lr · (m / (√v + ε) + decay · w)`.
///
/// Slots: `<variable>/adam_m`, `<variable>/adam_v`.
package struct AdamWeightDecayOptimizer: Optimizer {
    /// The rate.
    package var learningRate: LearningRate
    /// Default 0.
    package var weightDecay: Double
    /// How much of the first moment stays. Default 0.9.
    package var beta1: Double
    /// How much of the second moment stays. Default 0.999.
    package var beta2: Double
    /// Added to the root. Default 1e-6.
    package var epsilon: Double
    /// Variables that don't decay.
    package var exclusions: WeightDecayExclusions

    /// An optimizer of that rate with BERT's defaults.
    package init(
        learningRate: LearningRate, weightDecay: Double = 0, beta1: Double = 0.9, beta2: Double = 0.999,
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
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let m = slots.slot("adam_m", of: variable).mix(gradient, keeping: beta1)
            let v = slots.slot("adam_v", of: variable).mix(gradient.square(), keeping: beta2)
            let direction = exclusions.adding(weightDecay, of: variable, to: m / (v.sqrt() + epsilon))
            variable.assignSubtract(direction * learningRate.value(in: builder, dtype: variable.type.dtype))
        }
        return TrainOperation(slots: slots.names)
    }
}
