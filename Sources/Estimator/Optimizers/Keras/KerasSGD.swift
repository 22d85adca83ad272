package import Graph

/// Stochastic gradient descent as Keras 2 and 3 do it: with momentum `m = momentum · m − lr · g; w += m`, with
/// Nesterov's `w += momentum · m − lr · g`; without momentum `w -= lr · g`.
///
/// Slot: `<variable>/momentum`, only with momentum.
package struct KerasSGD: Optimizer {
    /// The rate. Default 0.01.
    package var learningRate: LearningRate
    /// How much of the last step stays. Default 0.
    package var momentum: Double
    /// Whether the gradient is looked at ahead. Default false.
    package var nesterov: Bool

    /// An optimizer with Keras' defaults.
    package init(learningRate: LearningRate = 0.01, momentum: Double = 0, nesterov: Bool = false) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.nesterov = nesterov
    }

    /// Adds the updates and the step's moments.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let scaled = gradient * learningRate.value(in: builder, dtype: variable.type.dtype)
            guard momentum != 0 else {
                variable.assignSubtract(scaled)
                continue
            }
            let slot = slots.slot("momentum", of: variable)
            let moved = slot.assign(slot.value * momentum - scaled)
            variable.assignAdd(nesterov ? moved * momentum - scaled : moved)
        }
        return TrainOperation(slots: slots.names)
    }
}
