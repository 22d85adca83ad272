import Graph

/// Where a job's device loops end: at multiples of the iterations, counted from the job's first step, and at its last
/// step. With loops of a time: where something is due, at global steps that are multiples of its interval.
///
/// A loop that was cut in between ends later where an undisturbed one would have: so losses, evaluations and
/// checkpoints fall on the same steps however often a job was stopped.
package struct LoopGrid: Sendable, Equatable {
    /// The global step before the job's first one.
    package let origin: Int
    /// Steps of a whole loop, at least 1; of loops of a time the most that one may have.
    package let iterations: Int
    /// The intervals, each at least 1, at whose multiples loops of a time end; empty: loops are counted.
    package let intervals: [Int]

    /// A grid; less than 1 iteration counts as 1.
    package init(origin: Int, iterations: Int) {
        self.origin = origin
        self.iterations = max(1, iterations)
        intervals = []
    }

    /// The grid of loops of a time: they end at the global steps that are multiples of these intervals, of which those below 1 count
    /// for nothing.
    package init(origin: Int, intervals: [Int]) {
        self.origin = origin
        iterations = Int(Int32.max)
        self.intervals = intervals.filter { $0 >= 1 }
    }

    /// The grid of a training.
    ///
    /// - Parameter evaluatesEvery: the steps between two evaluations; nil: there is none before the end.
    package init(origin: Int, _ config: RunConfig, evaluatesEvery: Int?) {
        guard config.tpuConfig.secondsPerLoop != nil else {
            self.init(origin: origin, iterations: config.tpuConfig.iterationsPerLoop)
            return
        }
        var intervals = [config.saveSummarySteps, evaluatesEvery ?? 0]
        if case .steps(let every) = CheckpointSchedule.Interval(config) { intervals.append(every) }
        self.init(origin: origin, intervals: intervals)
    }

    /// Steps from `step` to the next boundary after it: 1 to ``iterations``.
    package func stepsToBoundary(after step: Int) -> Int {
        guard intervals.isEmpty else {
            return intervals.reduce(iterations) { min($0, Self.steps(toMultipleOf: $1, from: 0, after: step)) }
        }
        return Self.steps(toMultipleOf: iterations, from: origin, after: step)
    }

    private static func steps(toMultipleOf interval: Int, from origin: Int, after step: Int) -> Int {
        let (distance, overflow) = step.subtractingReportingOverflow(origin)
        guard !overflow else { return interval }
        let into = distance % interval
        return interval - (into < 0 ? into + interval : into)
    }

    /// Whether a whole loop ends at this step.
    package func isBoundary(_ step: Int) -> Bool {
        guard step > origin else { return false }
        return intervals.isEmpty
            ? stepsToBoundary(after: step) == iterations : intervals.contains { step.isMultiple(of: $0) }
    }

    /// The last boundary before `step`, or the origin.
    package func boundary(before step: Int) -> Int {
        guard step > origin else { return origin }
        guard intervals.isEmpty else { return intervals.reduce(origin) { max($0, (step - 1) / $1 * $1) } }
        return step - 1 - (iterations - stepsToBoundary(after: step - 1))
    }

    /// Whether a loop that ends at `step` is the first to end at or past a multiple of `every`.
    package func crosses(every: Int, at step: Int) -> Bool {
        every >= 1 && step > origin && step / every > boundary(before: step) / every
    }
}
