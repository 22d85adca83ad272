import Estimator
import Glibc
import Testing

/// Keras' formula, written out again in doubles.
@Suite struct KerasAdamTests {
    @Test(arguments: [false, true]) func isTheFormula(amsgrad: Bool) throws {
        let run = try OptimizerRun(KerasAdam(learningRate: 0.05, epsilon: 1e-3, amsgrad: amsgrad))
        let names = ["dense/kernel/m", "dense/kernel/v"] + (amsgrad ? ["dense/kernel/vhat"] : [])
        #expect(run.slots == names)
        run.check { step, g, state in
            let t = Double(step + 1)
            state[0] += (g - state[0]) * 0.1
            state[1] += (g * g - state[1]) * 0.001
            state[2] = max(state[2], state[1])
            let v = amsgrad ? state[2] : state[1]
            return -0.05 * sqrt(1 - pow(0.999, t)) / (1 - pow(0.9, t)) * state[0] / (sqrt(v) + 1e-3)
        }
    }
}
