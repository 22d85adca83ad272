public import Graph

/// McMahan et al. 2013, "follow the regularized leader" (TensorFlow 1: `tf.train.FtrlOptimizer`), with p =
/// −learningRatePower: `n′ = n + g²; z += g + 2 · shrinkage · w − (n′ᵖ − nᵖ) / lr · w;
/// w = (clip(z, −l1, l1) − z) / ((n′ᵖ + β) / lr + 2 · l2)`.
///
/// `z` starts with 0, so that the first step all but forgets the initial variables.
///
/// Slots: `<variable>/Ftrl` (n), `<variable>/Ftrl_1` (z).
public struct FtrlOptimizer: Optimizer {
    /// The rate.
    package var learningRate: LearningRate
    /// How the rate falls with the squares: −½ is their root. Zero or less; default −0.5.
    package var learningRatePower: Double
    /// What `n` starts with. Default 0.1.
    package var initialAccumulatorValue: Double
    /// Default 0.
    package var l1: Double
    /// Default 0.
    package var l2: Double
    /// L2 that acts as a part of the gradient. Default 0.
    package var l2Shrinkage: Double
    /// β of the paper. Default 0.
    package var beta: Double
    private var slotNames = ("Ftrl", "Ftrl_1")

    /// An optimizer of that rate with TensorFlow 1's defaults.
    public init(
        learningRate: LearningRate, learningRatePower: Double = -0.5, initialAccumulatorValue: Double = 0.1,
        l1: Double = 0, l2: Double = 0, l2Shrinkage: Double = 0, beta: Double = 0
    ) {
        self.learningRate = learningRate
        self.learningRatePower = learningRatePower
        self.initialAccumulatorValue = initialAccumulatorValue
        self.l1 = l1
        self.l2 = l2
        self.l2Shrinkage = l2Shrinkage
        self.beta = beta
    }

    /// The same with Keras' names of slots: `<variable>/accumulator`, `<variable>/linear`.
    package func withKerasSlots() -> FtrlOptimizer {
        var optimizer = self
        optimizer.slotNames = ("accumulator", "linear")
        return optimizer
    }

    /// Adds the updates of variables and accumulators.
    public func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let rate = learningRate.value(in: builder, dtype: variable.type.dtype)
            let accumulator = slots.slot(slotNames.0, of: variable, initializer: .constant(initialAccumulatorValue))
            let linear = slots.slot(slotNames.1, of: variable)
            let sum = accumulator.assign(accumulator.value + gradient.square())
            let (before, after) = (raised(accumulator.value), raised(sum))
            let shrunk = l2Shrinkage == 0 ? gradient : gradient + variable.value * (2 * l2Shrinkage)
            let z = linear.assign(linear.value + shrunk - (after - before) / rate * variable.value)
            let quadratic = (after + beta) / rate + 2 * l2
            variable.assign((z.clipped(from: -l1, to: l1) - z) / quadratic)
        }
        return TrainOperation(slots: slots.names)
    }

    private func raised(_ n: Tensor) -> Tensor { learningRatePower == -0.5 ? n.sqrt() : n.pow(-learningRatePower) }
}
