package import Graph

/// A learning rate that changes with the steps, computed in float32.
package protocol LearningRateSchedule: Sendable {
    /// The rate by the number of steps done, both scalars of float32. In the first step that number is 0.
    func rate(stepsDone: Tensor) -> Tensor
}

extension LearningRate {
    /// The rate of a schedule.
    package init(_ schedule: some LearningRateSchedule) { self.init { schedule.rate(stepsDone: $0) } }
}
