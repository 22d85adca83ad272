import Estimator
import Testing

/// Keras' formula, written out again in doubles.
@Suite struct KerasSGDTests {
    @Test func isTheFormula() throws {
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
}
