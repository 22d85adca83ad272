import Estimator
import Testing

/// The formula, written out again in doubles.
@Suite struct KerasLionTests {
    @Test func isTheFormula() throws {
        let run = try OptimizerRun(KerasLion(learningRate: 0.05, beta1: 0.8, beta2: 0.9))
        #expect(run.slots == ["dense/kernel/momentum"])
        run.check { _, g, state in
            let direction = 0.8 * state[0] + 0.2 * g
            state[0] = 0.9 * state[0] + 0.1 * g
            return direction == 0 ? 0 : direction > 0 ? -0.05 : 0.05
        }
    }
}
