package import Graph

/// Lets variables shrink before another optimizer updates them (Loshchilov and Hutter 2017): `w -= w · decay · lr` as in
/// Keras, or `w -= decay · w` as in TensorFlow Addons' `AdamW`. Every trained variable decays, biases too, unless it is
/// excluded.
package struct WeightDecayOptimizer: Optimizer {
    package let inner: any Optimizer
    /// How much of a variable goes in a step.
    package let weightDecay: Double
    /// The rate that the decay is multiplied with; nil: none.
    package let learningRate: LearningRate?
    /// Variables that don't decay.
    package let exclusions: WeightDecayExclusions

    /// Wraps an optimizer; `learningRate` is that of the optimizer.
    package init(
        _ inner: any Optimizer, weightDecay: Double, learningRate: LearningRate?,
        exclusions: WeightDecayExclusions = .none
    ) {
        self.inner = inner
        self.weightDecay = weightDecay
        self.learningRate = learningRate
        self.exclusions = exclusions
    }

    /// The inner optimizer's gradients: those at the variables before they shrink.
    package func computeGradients(of loss: Tensor, for variables: [GraphVariable]) throws -> [VariableGradient] {
        try inner.computeGradients(of: loss, for: variables)
    }

    /// Applies the inner optimizer to variables that have shrunk.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) throws -> TrainOperation {
        let shrunk = gradients.filter { $0.gradient != nil && !exclusions.contain($0.variable.name) }.map { pair in
            let value = pair.variable.value
            let decay =
                learningRate.map { $0.value(in: builder, dtype: value.dtype) * weightDecay }
                ?? builder.constant(weightDecay, dtype: value.dtype)
            return (variable: pair.variable, value: value - value * decay)
        }
        return try builder.withValues(shrunk) { try inner.applyGradients(gradients, in: builder) }
    }
}
