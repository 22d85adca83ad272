import Estimator
import Glibc
import Testing

/// The formula, written out again in doubles.
@Suite struct AdadeltaOptimizerTests {
    @Test(arguments: [false, true]) func isTheFormula(isKeras: Bool) throws {
        let run = try OptimizerRun(
            isKeras
                ? AdadeltaOptimizer.keras(learningRate: 0.5, rho: 0.9, epsilon: 1e-2)
                : AdadeltaOptimizer(learningRate: 0.5, rho: 0.9, epsilon: 1e-2))
        let names = isKeras ? ["accumulated_grad", "accumulated_delta_var"] : ["Adadelta", "Adadelta_1"]
        #expect(run.slots == names.map { "dense/kernel/\($0)" })
        run.check { _, g, state in
            state[0] = 0.9 * state[0] + 0.1 * g * g
            let u = g * sqrt(state[1] + 1e-2) / sqrt(state[0] + 1e-2)
            state[1] = 0.9 * state[1] + 0.1 * u * u
            return -0.5 * u
        }
    }
}
