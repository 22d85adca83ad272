import Estimator
import Glibc
import Testing

/// The formula, written out again in doubles.
@Suite struct RMSPropOptimizerTests {
    @Test(arguments: [false, true]) func isTheFormula(centered: Bool) throws {
        let run = try OptimizerRun(
            RMSPropOptimizer(learningRate: 0.05, decay: 0.8, momentum: 0.5, epsilon: 1e-3, centered: centered))
        let names = ["RMSProp", "RMSProp_1"] + (centered ? ["RMSProp_2"] : [])
        #expect(run.slots == names.map { "dense/kernel/\($0)" })
        run.check { step, g, state in
            // The mean of squares starts with 1.
            if step == 0 { state[0] = 1 }
            state[0] += (g * g - state[0]) * 0.2
            state[1] += (g - state[1]) * 0.2
            let variance = centered ? state[0] - state[1] * state[1] : state[0]
            state[2] = 0.5 * state[2] + 0.05 * g / sqrt(variance + 1e-3)
            return -state[2]
        }
    }
}
