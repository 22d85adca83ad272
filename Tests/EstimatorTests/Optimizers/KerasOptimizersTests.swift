import Estimator
import Glibc
import Testing

/// Keras' formulas, written out again in doubles.
@Suite struct KerasOptimizersTests {
    @Test func sgd() throws {
        let plain = try OptimizerRun(KerasSGD(learningRate: 0.1))
        #expect(plain.slots.isEmpty)
        plain.check { -0.1 * $1 + 0 * Double($0) + 0 * $2[0] }

        let momentum = try OptimizerRun(KerasSGD(learningRate: 0.1, momentum: 0.9))
        #expect(momentum.slots == ["dense/kernel/momentum"])
        momentum.check { _, g, state in
            state[0] = 0.9 * state[0] - 0.1 * g
            return state[0]
        }
        try OptimizerRun(KerasSGD(learningRate: 0.1, momentum: 0.9, nesterov: true)).check { _, g, state in
            state[0] = 0.9 * state[0] - 0.1 * g
            return 0.9 * state[0] - 0.1 * g
        }
    }

    @Test(arguments: [false, true]) func adam(amsgrad: Bool) throws {
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
