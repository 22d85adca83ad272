import Estimator
import Graph
import Testing

@Suite struct LossScaledOptimizerTests {
    /// What is differentiated is 2^40 times as large, what is applied is as before.
    @Test func scalesThereAndBack() throws {
        let builder = GraphBuilder()
        let w = builder.variable("w", initializer: .ones)
        let optimizer = LossScaledOptimizer(GradientDescentOptimizer(learningRate: 1), factor: 0x1p40)
        let loss = w.value * 0.25
        let gradients = try optimizer.computeGradients(of: loss, for: [w])
        let seen = builder.variable("seen", initializer: .zeros, isTrainable: false)
        seen.assign(try #require(gradients[0].gradient))
        _ = try optimizer.applyGradients(gradients, in: builder)
        let run = try ProgramRun(try builder.finish(loss: loss), on: .reference)
        #expect(try run.step([]).loss == 0.25)
        #expect(try run.variable("seen") == [0x1p38])
        #expect(try run.variable("w") == [0.75])
    }
}
