public import Graph

/// Hinton 2012 (TensorFlow 1: `tf.train.RMSPropOptimizer`): `ms += (g² − ms) · (1 − decay);
/// mom = momentum · mom + lr · g / √(ms + ε); w -= mom`. Centered, a mean of gradients `mg += (g − mg) · (1 − decay)`
/// is kept, too, and the root is that of `ms − mg² + ε`.
///
/// Slots: `<variable>/RMSProp` (ms, which starts with ones), `<variable>/RMSProp_1` (mom); centered
/// `<variable>/RMSProp_1` (mg), `<variable>/RMSProp_2` (mom).
public struct RMSPropOptimizer: Optimizer {
    /// The rate.
    package var learningRate: LearningRate
    /// How much of the means stays. Default 0.9.
    package var decay: Double
    /// How much of the last step stays. Default 0.
    package var momentum: Double
    /// Added below the root. Default 1e-10.
    package var epsilon: Double
    /// Whether the mean of gradients is taken off. Default false.
    package var centered: Bool

    /// An optimizer of that rate with TensorFlow 1's defaults.
    public init(
        learningRate: LearningRate, decay: Double = 0.9, momentum: Double = 0, epsilon: Double = 1e-10,
        centered: Bool = false
    ) {
        self.learningRate = learningRate
        self.decay = decay
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered
    }

    /// Adds the updates of variables, means and moments.
    public func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let rate = learningRate.value(in: builder, dtype: variable.type.dtype)
            var variance = slots.slot("RMSProp", of: variable, initializer: .ones)
                .approach(gradient.square(), by: decay.float32Complement)
            if centered {
                let mean = slots.slot("RMSProp_1", of: variable).approach(gradient, by: decay.float32Complement)
                variance = variance - mean.square()
            }
            let moment = slots.slot(centered ? "RMSProp_2" : "RMSProp_1", of: variable)
            let step = gradient * rate / (variance + epsilon).sqrt()
            variable.assignSubtract(moment.assign(moment.value * momentum + step))
        }
        return TrainOperation(slots: slots.names)
    }
}
