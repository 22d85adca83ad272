import Estimator
import Executor
import Testing

@Suite struct LearningRateTests {
    /// A changing rate acts at once on new gradients, not on old ones, and sees the number of steps done.
    @Test func schedule() throws {
        let rate = LearningRate { stepsDone in 0.1 / (stepsDone + 1) }
        let run = try OptimizerRun(KerasSGD(learningRate: rate, momentum: 0.5))
        run.check { step, g, state in
            state[0] = 0.5 * state[0] - 0.1 / Double(step + 1) * g
            return state[0]
        }
        #expect(try run.program.executor.read(variable: GlobalStep.name).first == 5)
    }

    /// A number in a literal's place, or one that is computed.
    @Test(arguments: [LearningRate(0.5), 0.5]) func numbers(rate: LearningRate) throws {
        let run = try OptimizerRun(GradientDescentOptimizer(learningRate: rate))
        run.check { _, g, _ in -0.5 * g }
        #expect(run.slots.isEmpty)
    }

    @Test func wholeNumbers() throws {
        try OptimizerRun(GradientDescentOptimizer(learningRate: 2)).check { _, g, _ in -2 * g }
    }
}
