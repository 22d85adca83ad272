import Estimator
import Graph
import Testing

@Suite struct AccumulatingOptimizerTests {
    /// Momentum once in two steps, by the mean of the two gradients; the fifth step waits for a sixth.
    @Test func updatesOnceInSeveralSteps() throws {
        let run = try OptimizerRun(
            AccumulatingOptimizer(KerasSGD(learningRate: 0.1, momentum: 0.5), steps: 2))
        #expect(run.slots == ["dense/kernel/momentum", "dense/kernel/gradient_accumulator"])
        run.check { step, g, state in
            state[0] += g
            guard step % 2 == 1 else { return 0 }
            state[1] = 0.5 * state[1] - 0.1 * state[0] / 2
            state[0] = 0
            return state[1]
        }
        #expect(try run.program.variable("dense/kernel/gradient_accumulator") == OptimizerRun.gradients[4])
    }

    /// A schedule counts steps, not updates.
    @Test func schedulesCountSteps() throws {
        let rate = LearningRate { $0 * 0.25 }
        let run = try OptimizerRun(AccumulatingOptimizer(GradientDescentOptimizer(learningRate: rate), steps: 2))
        run.check { step, g, state in
            state[0] += g
            guard step % 2 == 1 else { return 0 }
            defer { state[0] = 0 }
            return -0.25 * Double(step) * state[0] / 2
        }
    }
}
