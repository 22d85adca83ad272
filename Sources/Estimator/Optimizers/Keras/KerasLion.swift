package import Graph

/// Chen et al. 2023 as Keras 2 and 3 do it: `w -= lr · sign(β₁ · m + (1 − β₁) · g); m = β₂ · m + (1 − β₂) · g`.
///
/// Slot: `<variable>/momentum`.
package struct KerasLion: Optimizer {
    /// The rate. Default 0.001.
    package var learningRate: LearningRate
    /// How much of the moment is in the step. Default 0.9.
    package var beta1: Double
    /// How much of the moment stays. Default 0.99.
    package var beta2: Double

    /// An optimizer with Keras' defaults.
    package init(learningRate: LearningRate = 0.001, beta1: Double = 0.9, beta2: Double = 0.99) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
    }

    /// Adds the updates and the step's moments.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let rate = learningRate.value(in: builder, dtype: variable.type.dtype)
            let moment = slots.slot("momentum", of: variable)
            variable.assignSubtract((moment.value * beta1 + gradient * (1 - beta1)).sign() * rate)
            moment.mix(gradient, keeping: beta2)
        }
        return TrainOperation(slots: slots.names)
    }
}
