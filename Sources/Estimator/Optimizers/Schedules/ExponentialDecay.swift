package import Graph

/// `lr · decayRate^(step / decaySteps)`; in a staircase the exponent is rounded down (Keras: `ExponentialDecay`, TensorFlow 1:
/// `exponential_decay`).
package struct ExponentialDecay: LearningRateSchedule {
    /// The rate of the first step.
    package var initialRate: Double
    /// Steps after which the rate is `decayRate` times as large; above 0.
    package var decaySteps: Double
    /// The factor.
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
        return stepsDone.builder.constant(decayRate).pow(isStaircase ? periods.floor() : periods) * initialRate
    }
}
