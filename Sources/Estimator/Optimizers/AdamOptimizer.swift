public import Graph

/// Kingma and Ba 2014 in TensorFlow 1's form (`tf.train.AdamOptimizer`):
/// `m += (g − m) · (1 − β₁); v += (g² − v) · (1 − β₂); w -= lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)`.
///
/// Slots: `<variable>/Adam` (m), `<variable>/Adam_1` (v), and the scalars `beta1_power`, `beta2_power`, which are
/// multiplied after every update.
public struct AdamOptimizer: Optimizer {
    /// The rate. Default 0.001.
    package var learningRate: LearningRate
    /// How much of the first moment stays. Default 0.9.
    package var beta1: Double
    /// How much of the second moment stays. Default 0.999.
    package var beta2: Double
    /// Added to the uncorrected root. Default 1e-8.
    package var epsilon: Double

    /// An optimizer with TensorFlow 1's defaults.
    public init(
        learningRate: LearningRate = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    /// Adds the updates of variables, moments and powers.
    public func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        let beta1Power = slots.scalar("beta1_power", initial: beta1)
        let beta2Power = slots.scalar("beta2_power", initial: beta2)
        let rate =
            learningRate.value(in: builder) * (1 - beta2Power.value).sqrt() / (1 - beta1Power.value)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let m = slots.slot("Adam", of: variable).approach(gradient, by: beta1.float32Complement)
            let v = slots.slot("Adam_1", of: variable).approach(gradient.square(), by: beta2.float32Complement)
            variable.assignSubtract(m * rate.cast(to: variable.type.dtype) / (v.sqrt() + epsilon))
        }
        beta1Power.assign(beta1Power.value * beta1)
        beta2Power.assign(beta2Power.value * beta2)
        return TrainOperation(slots: slots.names)
    }
}
