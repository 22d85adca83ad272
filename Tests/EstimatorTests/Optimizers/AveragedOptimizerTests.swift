import Estimator
import Graph
import Testing

@Suite struct AveragedOptimizerTests {
    private static let half = GradientDescentOptimizer(learningRate: 0.5)

    /// The average after each step, by the definition; the variable becomes it where `isOverwritten` says so.
    private func check(_ run: OptimizerRun, startsAtInitial: Bool, isOverwritten: (Int) -> Bool) throws {
        #expect(run.slots == ["dense/kernel/average"])
        for index in OptimizerRun.initial.indices {
            var w = Double(OptimizerRun.initial[index])
            var average = w
            for step in OptimizerRun.gradients.indices {
                w -= 0.5 * Double(OptimizerRun.gradients[step][index])
                average = step == 0 && !startsAtInitial ? w : 0.75 * average + 0.25 * w
                if isOverwritten(step) { w = average }
                #expect(abs(Double(run.values[step][index]) - w) < 1e-5, "step \(step) element \(index)")
            }
            #expect(abs(Double(try run.program.variable("dense/kernel/average")[index]) - average) < 1e-5)
        }
    }

    @Test func startsWithTheFirstUpdate() throws {
        let run = try OptimizerRun(AveragedOptimizer(Self.half, momentum: 0.75))
        try check(run, startsAtInitial: false) { _ in false }
    }

    @Test func overwrites() throws {
        let run = try OptimizerRun(AveragedOptimizer(Self.half, momentum: 0.75, overwriteFrequency: 2))
        try check(run, startsAtInitial: false) { ($0 + 1) % 2 == 0 }
    }

    @Test func startsWithTheInitialValueAsInKeras2() throws {
        let run = try OptimizerRun(
            AveragedOptimizer(Self.half, momentum: 0.75, overwriteFrequency: 3, start: .initialValue))
        try check(run, startsAtInitial: true) { ($0 + 1) % 3 == 0 }
    }

    @Test func overwritesAtTheEnd() throws {
        let run = try OptimizerRun(AveragedOptimizer(Self.half, momentum: 0.75, lastStep: 4))
        try check(run, startsAtInitial: false) { $0 == 3 }
        let both = try OptimizerRun(
            AveragedOptimizer(Self.half, momentum: 0.75, overwriteFrequency: 2, lastStep: 3))
        try check(both, startsAtInitial: false) { [1, 2, 3].contains($0) }
    }
}
