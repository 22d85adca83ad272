/// Where a job's device loops end: at multiples of the iterations, counted from the job's first step, and at its last
/// step.
///
/// A loop that was cut in between ends later where an undisturbed one would have: so losses, evaluations and
/// checkpoints fall on the same steps however often a job was stopped.
package struct LoopGrid: Sendable, Equatable {
    /// The global step before the job's first one.
    package let origin: Int
    /// Steps of a whole loop, at least 1.
    package let iterations: Int

    /// A grid; less than 1 iteration counts as 1.
    package init(origin: Int, iterations: Int) {
        self.origin = origin
        self.iterations = max(1, iterations)
    }

    /// Steps from `step` to the next boundary after it: 1 to ``iterations``.
    package func stepsToBoundary(after step: Int) -> Int {
        let (distance, overflow) = step.subtractingReportingOverflow(origin)
        guard !overflow else { return iterations }
        let into = distance % iterations
        return iterations - (into < 0 ? into + iterations : into)
    }

    /// Whether a whole loop ends at this step.
    package func isBoundary(_ step: Int) -> Bool {
        step > origin && stepsToBoundary(after: step) == iterations
    }

    /// The last boundary before `step`, or the origin.
    package func boundary(before step: Int) -> Int {
        guard step > origin else { return origin }
        return step - 1 - (iterations - stepsToBoundary(after: step - 1))
    }

    /// Whether a loop that ends at `step` is the first to end at or past a multiple of `every`.
    package func crosses(every: Int, at step: Int) -> Bool {
        every >= 1 && step > origin && step / every > boundary(before: step) / every
    }
}
