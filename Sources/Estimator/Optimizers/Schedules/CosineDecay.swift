package import Graph

/// Half a cosine from `lr` to `alpha · lr` over `decaySteps`, then flat (Loshchilov and Hutter 2016; Keras: `CosineDecay`,
/// TensorFlow 1: `cosine_decay`). With a warm-up, a line from `initialRate` to its target goes before, and the cosine
/// starts at the target.
package struct CosineDecay: LearningRateSchedule {
    /// A line at the beginning.
    package struct WarmUp: Sendable, Hashable {
        /// The rate that it ends at.
        package var target: Double
        /// Its steps.
        package var steps: Double

        /// A line to `target`.
        package init(target: Double, steps: Double) {
            self.target = target
            self.steps = steps
        }
    }

    /// The rate of the first step.
    package var initialRate: Double
    /// Steps of the cosine; above 0.
    package var decaySteps: Double
    /// The end as a part of the cosine's start. Default 0.
    package var alpha: Double
    /// Nil: the cosine begins at once.
    package var warmUp: WarmUp?

    /// A decay from `initialRate`.
    package init(initialRate: Double, decaySteps: Double, alpha: Double = 0, warmUp: WarmUp? = nil) {
        self.initialRate = initialRate
        self.decaySteps = decaySteps
        self.alpha = alpha
        self.warmUp = warmUp
    }

    /// The rate by the number of steps done.
    package func rate(stepsDone: Tensor) -> Tensor {
        guard let warmUp else { return cosine(stepsDone.minimum(decaySteps), from: initialRate) }
        let decayed = cosine(
            stepsDone.minimum(decaySteps + warmUp.steps) - warmUp.steps, from: warmUp.target)
        // A line of no steps is never taken.
        guard warmUp.steps > 0 else { return decayed }
        let line =
            stepsDone / warmUp.steps * Double(Float(warmUp.target) - Float(initialRate)) + initialRate
        return (stepsDone .< warmUp.steps).select(line, decayed)
    }

    private func cosine(_ steps: Tensor, from start: Double) -> Tensor {
        let falling = ((steps / decaySteps * .pi).cos() + 1) * 0.5
        return (falling * (1 - alpha) + alpha) * start
    }
}
