import Estimator
import Graph
import Testing

@Suite struct WeightDecayOptimizerTests {
    private func check(_ optimizer: any Optimizer, decay: Double) throws {
        let run = try OptimizerRun(optimizer)
        for index in OptimizerRun.initial.indices {
            var w = Double(OptimizerRun.initial[index])
            for step in OptimizerRun.gradients.indices {
                w -= w * decay
                w -= 0.5 * Double(OptimizerRun.gradients[step][index])
                #expect(abs(Double(run.values[step][index]) - w) < 1e-5, "step \(step) element \(index)")
            }
        }
    }

    private let descent = GradientDescentOptimizer(learningRate: 0.5)

    @Test func shrinksBeforeTheUpdate() throws {
        try check(WeightDecayOptimizer(descent, weightDecay: 0.1, learningRate: 0.5), decay: 0.05)
        try check(WeightDecayOptimizer(descent, weightDecay: 0.1, learningRate: nil), decay: 0.1)
    }

    @Test func leavesExcludedOnesAlone() throws {
        let exclusions = try #require(WeightDecayExclusions(matching: ["^dense"]))
        try check(
            WeightDecayOptimizer(descent, weightDecay: 0.1, learningRate: nil, exclusions: exclusions), decay: 0)
    }

    /// An optimizer that goes by the variable's length goes by that of the shrunk one.
    @Test func theOptimizerSeesTheShrunkVariable() throws {
        let run = try OptimizerRun(
            WeightDecayOptimizer(LAMBOptimizer(learningRate: 0.1, epsilon: 0), weightDecay: 1, learningRate: nil))
        // All of it goes, and what is nothing has the ratio 1; the first step of Adam is the gradient's sign.
        for (value, expected) in zip(run.values[0], [-0.1, 0.1, -0.1]) { #expect(abs(Double(value) - expected) < 1e-5) }
    }

    @Test func gradientsAreThoseBefore() throws {
        let builder = GraphBuilder()
        let w = builder.variable("w", initializer: .ones)
        let optimizer = WeightDecayOptimizer(
            GradientDescentOptimizer(learningRate: 1), weightDecay: 0.5, learningRate: nil)
        _ = try optimizer.minimize(w.value.square())
        let run = try ProgramRun(try builder.finish(), on: .reference)
        try run.step([])
        #expect(try run.variable("w") == [0.5 - 2])
    }
}
