public import Graph

/// Duchi et al. 2011 (TensorFlow 1: `tf.train.AdagradOptimizer`): `accum += g²; w -= lr · g / √accum`.
///
/// Slot: `<variable>/Adagrad`.
public struct AdagradOptimizer: Optimizer {
    /// The rate.
    package var learningRate: LearningRate
    /// What the accumulator starts with. Default 0.1.
    package var initialAccumulatorValue: Double
    /// Added below the root; 0 in TensorFlow 1.
    private var epsilon = 0.0
    private var slotName = "Adagrad"

    /// An optimizer of that rate.
    public init(learningRate: LearningRate, initialAccumulatorValue: Double = 0.1) {
        self.learningRate = learningRate
        self.initialAccumulatorValue = initialAccumulatorValue
    }

    /// Keras 2's and 3's: `w -= lr · g / √(accum + ε)`. Slot: `<variable>/accumulator`.
    package static func keras(
        learningRate: LearningRate = 0.001, initialAccumulatorValue: Double = 0.1, epsilon: Double = 1e-7
    ) -> AdagradOptimizer {
        var optimizer = AdagradOptimizer(
            learningRate: learningRate, initialAccumulatorValue: initialAccumulatorValue)
        optimizer.epsilon = epsilon
        optimizer.slotName = "accumulator"
        return optimizer
    }

    /// Adds the updates of variables and accumulators.
    public func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let rate = learningRate.value(in: builder, dtype: variable.type.dtype)
            let accumulator = slots.slot(
                slotName, of: variable, initializer: .constant(initialAccumulatorValue))
            let sum = accumulator.assign(accumulator.value + gradient.square())
            variable.assignSubtract(gradient * rate / (epsilon == 0 ? sum : sum + epsilon).sqrt())
        }
        return TrainOperation(slots: slots.names)
    }
}
