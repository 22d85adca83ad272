package import Graph

/// Shazeer and Stern 2018 as Keras 2 and 3 do it. The mean squares of a matrix' gradient are kept by row and by column
/// only, `v = r / mean(r) · c`; the part of the past is `1 − t^decay`. A step is scaled by the variable's own root mean
/// square, at least `epsilon2`, and by `min(lr, 1 / √t)`, and cut where its root mean square is above the threshold.
///
/// Slots: `<variable>/r` and `<variable>/c` of a variable with two axes and more, `<variable>/v` of any other.
package struct KerasAdafactor: Optimizer {
    /// The rate. Default 0.001.
    package var learningRate: LearningRate
    /// The exponent of the part of the past. Default −0.8.
    package var beta2Decay: Double
    /// Added to squared gradients. Default 1e-30.
    package var epsilon1: Double
    /// The least scale of a variable. Default 0.001.
    package var epsilon2: Double
    /// The largest root mean square of a step before it is scaled. Default 1.
    package var clipThreshold: Double

    /// An optimizer with Keras' defaults.
    package init(
        learningRate: LearningRate = 0.001, beta2Decay: Double = -0.8, epsilon1: Double = 1e-30,
        epsilon2: Double = 0.001, clipThreshold: Double = 1
    ) {
        self.learningRate = learningRate
        self.beta2Decay = beta2Decay
        self.epsilon1 = epsilon1
        self.epsilon2 = epsilon2
        self.clipThreshold = clipThreshold
    }

    /// Adds the updates and the step's means.
    package func applyGradients(_ gradients: [VariableGradient], in builder: GraphBuilder) -> TrainOperation {
        var slots = SlotTable(builder: builder)
        let step = (UpdateCount.value(in: builder) + 1).cast(to: .float32)
        let rate = learningRate.value(in: builder).minimum(1 / step.sqrt())
        let past = 1 - step.pow(beta2Decay)
        for case let (variable, gradient?) in gradients.map({ ($0.variable, $0.gradient) }) {
            let dtype = variable.type.dtype
            let squares = gradient.square() + epsilon1
            func mean(_ slot: GraphVariable, _ new: Tensor) -> Tensor {
                let past = past.cast(to: dtype)
                return slot.assign(slot.value * past + new * (1 - past))
            }
            let v: Tensor
            if variable.shape.rank >= 2 {
                let dimensions = variable.shape.dimensions
                let rows = slots.slot("r", of: variable, shape: Shape(dimensions.dropLast()))
                let columns = slots.slot(
                    "c", of: variable, shape: Shape(dimensions.dropLast(2) + dimensions.suffix(1)))
                let r = mean(rows, squares.reduceMean(axes: [-1]))
                let c = mean(columns, squares.reduceMean(axes: [-2]))
                let relative = r / r.reduceMean(axes: [-1], keepDimensions: true)
                v = relative.expandDimensions(at: -1) * c.expandDimensions(at: -2)
            } else {
                v = mean(slots.slot("v", of: variable), squares)
            }
            let direction = gradient / v.sqrt()
            let cut = direction / (Self.rootMeanSquare(direction) / clipThreshold).maximum(1)
            let scale = Self.rootMeanSquare(variable.value).maximum(epsilon2) * rate.cast(to: dtype)
            variable.assignSubtract(cut * scale)
        }
        return TrainOperation(slots: slots.names)
    }

    private static func rootMeanSquare(_ x: Tensor) -> Tensor { x.square().reduceMean().sqrt() }
}
