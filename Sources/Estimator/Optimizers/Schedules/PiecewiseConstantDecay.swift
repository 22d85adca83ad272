package import Graph

/// A rate for each stretch of steps: `values[0]` up to and including `boundaries[0]` steps done, `values[i]` from there up
/// to and including `boundaries[i]`, then the last (Keras: `PiecewiseConstantDecay`, TensorFlow 1: `piecewise_constant`).
package struct PiecewiseConstantDecay: LearningRateSchedule {
    /// Ascending numbers of steps.
    package var boundaries: [Double]
    /// Rates, one more than boundaries.
    package var values: [Double]

    /// A rate for each stretch.
    package init(boundaries: [Double], values: [Double]) {
        self.boundaries = boundaries
        self.values = values
    }

    /// The rate by the number of steps done.
    package func rate(stepsDone: Tensor) -> Tensor {
        var rate = stepsDone.builder.constant(values.last ?? 0)
        for (boundary, value) in zip(boundaries, values).reversed() {
            rate = (stepsDone .<= boundary).select(stepsDone.builder.constant(value), rate)
        }
        return rate
    }
}
