import Estimator
import Glibc
import Testing

/// The formula, written out again in doubles.
@Suite struct KerasNadamTests {
    @Test func isTheFormula() throws {
        let run = try OptimizerRun(KerasNadam(learningRate: 0.05, beta1: 0.8, beta2: 0.99, epsilon: 1e-3))
        #expect(run.slots == ["u_product", "dense/kernel/m", "dense/kernel/v"])
        func momentum(_ t: Double) -> Double { 0.8 * (1 - 0.5 * pow(0.96, t)) }
        run.check { step, g, state in
            let t = Double(step + 1)
            // The product of the schedule, once a step.
            let product = (1...step + 1).reduce(1) { $0 * momentum(Double($1)) }
            state[0] += (g - state[0]) * 0.2
            state[1] += (g * g - state[1]) * 0.01
            let m =
                momentum(t + 1) * state[0] / (1 - product * momentum(t + 1)) + (1 - momentum(t)) * g / (1 - product)
            return -0.05 * m / (sqrt(state[1] / (1 - pow(0.99, t))) + 1e-3)
        }
    }
}
