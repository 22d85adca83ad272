import Estimator
import Glibc
import Testing

/// The formula, written out again in doubles.
@Suite struct KerasAdamaxTests {
    @Test func isTheFormula() throws {
        let run = try OptimizerRun(KerasAdamax(learningRate: 0.05, beta1: 0.8, beta2: 0.9, epsilon: 1e-2))
        #expect(run.slots == ["dense/kernel/m", "dense/kernel/u"])
        run.check { step, g, state in
            state[0] += (g - state[0]) * 0.2
            state[1] = max(0.9 * state[1], abs(g))
            return -0.05 * state[0] / ((1 - pow(0.8, Double(step + 1))) * (state[1] + 1e-2))
        }
    }
}
