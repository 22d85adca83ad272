public import Graph

/// Plain gradient descent: `w -= lr · g` (TensorFlow 1: `tf.train.GradientDescentOptimizer`). No slots.
public struct GradientDescentOptimizer: Optimizer {
    /// The rate.
    package var learningRate: LearningRate

    /// An optimizer of that rate.
    public init(learningRate: LearningRate) { self.learningRate = learningRate }

    /// Adds the updates.
    public func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            variable.assignSubtract(gradient * learningRate.value(in: builder, dtype: variable.type.dtype))
        }
        return TrainOperation(slots: [])
    }
}
