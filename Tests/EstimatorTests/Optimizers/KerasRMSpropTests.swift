import Estimator
import Glibc
import Testing

/// The formula, written out again in doubles.
@Suite struct KerasRMSpropTests {
    @Test(arguments: [0, 0.7], [false, true]) func isTheFormula(momentum: Double, centered: Bool) throws {
        let run = try OptimizerRun(
            KerasRMSprop(learningRate: 0.05, rho: 0.8, momentum: momentum, epsilon: 1e-3, centered: centered))
        let names = ["velocity"] + (centered ? ["average_gradient"] : []) + (momentum > 0 ? ["momentum"] : [])
        #expect(run.slots == names.map { "dense/kernel/\($0)" })
        run.check { _, g, state in
            state[0] = 0.8 * state[0] + 0.2 * g * g
            state[1] = 0.8 * state[1] + 0.2 * g
            let variance = centered ? state[0] - state[1] * state[1] : state[0]
            state[2] = momentum * state[2] + 0.05 * g / sqrt(variance + 1e-3)
            return -state[2]
        }
    }
}
