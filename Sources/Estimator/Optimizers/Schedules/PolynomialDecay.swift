package import Graph

/// `(lr − end) · (1 − step / decaySteps)^power + end` up to `decaySteps`, then the end; cycling, `decaySteps` is instead
/// multiplied up to the next multiple (Keras: `PolynomialDecay`, TensorFlow 1: `polynomial_decay`).
package struct PolynomialDecay: LearningRateSchedule {
    /// The rate of the first step.
    package var initialRate: Double
    /// Steps to the end; above 0.
    package var decaySteps: Double
    /// The rate at the end. Default 0.0001.
    package var endRate: Double
    /// The exponent. Default 1.
    package var power: Double
    /// Whether it goes on after the end, from a rate in between. Default false.
    package var cycles: Bool

    /// A decay from `initialRate`.
    package init(
        initialRate: Double, decaySteps: Double, endRate: Double = 0.0001, power: Double = 1, cycles: Bool = false
    ) {
        self.initialRate = initialRate
        self.decaySteps = decaySteps
        self.endRate = endRate
        self.power = power
        self.cycles = cycles
    }

    /// The rate by the number of steps done.
    package func rate(stepsDone: Tensor) -> Tensor {
        let done: Tensor
        if cycles {
            done = stepsDone / ((stepsDone / decaySteps).ceil().maximum(1) * decaySteps)
        } else {
            done = stepsDone.minimum(decaySteps) / decaySteps
        }
        let left = power == 1 ? 1 - done : (1 - done).pow(power)
        return left * Double(Float(initialRate) - Float(endRate)) + endRate
    }
}
