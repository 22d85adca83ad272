package import Graph

/// A rate that falls with the periods of `decaySteps` steps that are done; in a staircase whole periods alone count.
package struct TimeDecay: LearningRateSchedule {
    /// How it falls.
    package enum Law: Sendable, CaseIterable {
        /// `lr · decayRate^periods` (Keras: `ExponentialDecay`, TensorFlow 1: `exponential_decay`).
        case power
        /// `lr · e^(−decayRate · periods)` (TensorFlow 1: `natural_exp_decay`).
        case exponential
        /// `lr / (1 + decayRate · periods)` (Keras: `InverseTimeDecay`, TensorFlow 1: `inverse_time_decay`).
        case inverse
    }

    /// How the rate falls.
    package var law: Law
    /// The rate of the first step.
    package var initialRate: Double
    /// Steps of one period; above 0.
    package var decaySteps: Double
    /// What a period does, as ``law`` says.
    package var decayRate: Double
    /// Whether the rate changes in jumps. Default false.
    package var isStaircase: Bool

    /// A decay from `initialRate`.
    package init(
        _ law: Law, initialRate: Double, decaySteps: Double, decayRate: Double, isStaircase: Bool = false
    ) {
        self.law = law
        self.initialRate = initialRate
        self.decaySteps = decaySteps
        self.decayRate = decayRate
        self.isStaircase = isStaircase
    }

    /// The rate by the number of steps done.
    package func rate(stepsDone: Tensor) -> Tensor {
        let fraction = stepsDone / decaySteps
        let periods = isStaircase ? fraction.floor() : fraction
        switch law {
        case .power: return stepsDone.builder.constant(decayRate).pow(periods) * initialRate
        case .exponential: return (periods * -decayRate).exp() * initialRate
        case .inverse: return initialRate / (periods * decayRate + 1)
        }
    }
}
