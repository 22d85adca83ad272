package import Graph

/// A line from 1 to 0 over `decaySteps` times a cosine of some periods, then flat: `lr · ((α + line) · cosine + β)` (Bello et
/// al. 2017; TensorFlow 1: `linear_cosine_decay`).
package struct LinearCosineDecay: LearningRateSchedule {
    /// What the sum is multiplied by.
    package var initialRate: Double
    /// Steps of the line; above 0.
    package var decaySteps: Double
    /// Periods of the cosine over the line. Default ½.
    package var periods: Double
    /// What is added to the line. Default 0.
    package var alpha: Double
    /// What is added to the product. Default 0.001.
    package var beta: Double

    /// A decay from about `initialRate`.
    package init(
        initialRate: Double, decaySteps: Double, periods: Double = 0.5, alpha: Double = 0, beta: Double = 0.001
    ) {
        self.initialRate = initialRate
        self.decaySteps = decaySteps
        self.periods = periods
        self.alpha = alpha
        self.beta = beta
    }

    /// The rate by the number of steps done.
    package func rate(stepsDone: Tensor) -> Tensor {
        let steps = stepsDone.minimum(decaySteps)
        let line = (decaySteps - steps) / decaySteps
        let cosine = ((steps / decaySteps * (2 * periods) * .pi).cos() + 1) * 0.5
        return ((line + alpha) * cosine + beta) * initialRate
    }
}
