package import Graph

/// A line from 0 over the first steps, then another schedule as if it had been running from the beginning (BERT's code:
/// linear warm-up before a polynomial decay).
package struct WarmUpDecay<Decay: LearningRateSchedule>: LearningRateSchedule {
    /// The rate that the line goes to.
    package var peakRate: Double
    /// Steps of the line.
    package var warmUpSteps: Double
    /// What follows; its clock starts with the line.
    package var decay: Decay

    /// A line to `peakRate` before a decay.
    package init(peakRate: Double, warmUpSteps: Double, decay: Decay) {
        self.peakRate = peakRate
        self.warmUpSteps = warmUpSteps
        self.decay = decay
    }

    /// The rate by the number of steps done.
    package func rate(stepsDone: Tensor) -> Tensor {
        let decayed = decay.rate(stepsDone: stepsDone)
        guard warmUpSteps > 0 else { return decayed }
        return (stepsDone .< warmUpSteps).select(stepsDone / warmUpSteps * peakRate, decayed)
    }
}
