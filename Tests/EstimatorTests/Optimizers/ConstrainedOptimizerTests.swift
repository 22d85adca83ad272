import Estimator
import Graph
import Testing

@Suite struct ConstrainedOptimizerTests {
    @Test func changesWhatIsUpdated() throws {
        let run = try OptimizerRun(
            ConstrainedOptimizer(
                GradientDescentOptimizer(learningRate: 1),
                constraints: ["dense/kernel": { $0.maximum(-0.5) }, "another": { $0 * 0 }]))
        for index in OptimizerRun.initial.indices {
            var w = OptimizerRun.initial[index]
            for step in OptimizerRun.gradients.indices {
                w = max(w - OptimizerRun.gradients[step][index], -0.5)
                #expect(abs(run.values[step][index] - w) < 1e-5)
            }
        }
    }

    /// A variable that is not updated is not constrained, either.
    @Test func othersStay() throws {
        let builder = GraphBuilder()
        let variable = builder.variable("w", initializer: .ones)
        let optimizer = ConstrainedOptimizer(
            GradientDescentOptimizer(learningRate: 1), constraints: ["w": { $0 * 0 }])
        _ = try optimizer.applyGradients([VariableGradient(variable: variable, gradient: nil)], in: builder)
        #expect(try builder.finish().assignments.isEmpty)
    }
}
