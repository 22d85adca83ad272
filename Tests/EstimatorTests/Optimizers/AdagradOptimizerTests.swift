import Estimator
import Glibc
import Testing

/// The formula, written out again in doubles.
@Suite struct AdagradOptimizerTests {
    @Test func isTheFormula() throws {
        let run = try OptimizerRun(AdagradOptimizer(learningRate: 0.5, initialAccumulatorValue: 0.2))
        #expect(run.slots == ["dense/kernel/Adagrad"])
        run.check { step, g, state in
            state[0] += g * g + (step == 0 ? 0.2 : 0)
            return -0.5 * g / sqrt(state[0])
        }
    }

    @Test func isKeras() throws {
        let run = try OptimizerRun(
            AdagradOptimizer.keras(learningRate: 0.5, initialAccumulatorValue: 0.2, epsilon: 0.1))
        #expect(run.slots == ["dense/kernel/accumulator"])
        run.check { step, g, state in
            state[0] += g * g + (step == 0 ? 0.2 : 0)
            return -0.5 * g / sqrt(state[0] + 0.1)
        }
    }
}
