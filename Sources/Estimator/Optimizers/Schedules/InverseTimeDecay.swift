package import Graph

/// `lr / (1 + decayRate · step / decaySteps)`; in a staircase the quotient is rounded down (Keras: `InverseTimeDecay`,
/// TensorFlow 1: `inverse_time_decay`).
package struct InverseTimeDecay: LearningRateSchedule {
    /// The rate of the first step.
    package var initialRate: Double
    /// Steps of one period; above 0.
    package var decaySteps: Double
    /// What a period adds to the divisor.
    package var decayRate: Double
    /// Whether the rate changes in jumps. Default false.
    package var isStaircase: Bool

    /// A decay from `initialRate`.
    package init(initialRate: Double, decaySteps: Double, decayRate: Double, isStaircase: Bool = false) {
        self.initialRate = initialRate
        self.decaySteps = decaySteps
        self.decayRate = decayRate
        self.isStaircase = isStaircase
    }

    /// The rate by the number of steps done.
    package func rate(stepsDone: Tensor) -> Tensor {
        let periods = stepsDone / decaySteps
        return initialRate / ((isStaircase ? periods.floor() : periods) * decayRate + 1)
    }
}
