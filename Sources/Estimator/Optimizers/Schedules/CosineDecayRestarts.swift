package import Graph

/// Halves of cosines one after another (Loshchilov and Hutter 2016, SGDR; Keras: `CosineDecayRestarts`, TensorFlow 1:
/// `cosine_decay_restarts`): each `periodFactor` times as long as the one before, and starting `rateFactor` times as high.
package struct CosineDecayRestarts: LearningRateSchedule {
    /// The rate of the first step.
    package var initialRate: Double
    /// Steps of the first cosine; above 0.
    package var firstDecaySteps: Double
    /// Default 2.
    package var periodFactor: Double
    /// Default 1.
    package var rateFactor: Double
    /// The end as a part of a cosine's start. Default 0.
    package var alpha: Double

    /// A decay from `initialRate`.
    package init(
        initialRate: Double, firstDecaySteps: Double, periodFactor: Double = 2, rateFactor: Double = 1,
        alpha: Double = 0
    ) {
        self.initialRate = initialRate
        self.firstDecaySteps = firstDecaySteps
        self.periodFactor = periodFactor
        self.rateFactor = rateFactor
        self.alpha = alpha
    }

    /// The rate by the number of steps done.
    package func rate(stepsDone: Tensor) -> Tensor {
        let done = stepsDone / firstDecaySteps
        let restarts: Tensor
        let fraction: Tensor
        if periodFactor == 1 {
            restarts = done.floor()
            fraction = done - restarts
        } else {
            let factor = done.builder.constant(periodFactor)
            restarts = ((1 - done * (1 - periodFactor)).log() / factor.log()).floor()
            let length = factor.pow(restarts)
            fraction = (done - (1 - length) / (1 - periodFactor)) / length
        }
        let height = done.builder.constant(rateFactor).pow(restarts) * 0.5
        let falling = height * ((fraction * .pi).cos() + 1)
        return (falling * (1 - alpha) + alpha) * initialRate
    }
}
