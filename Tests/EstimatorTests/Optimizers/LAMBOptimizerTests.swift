import Estimator
import Glibc
import Testing

/// The formula, written out again in doubles.
@Suite struct LAMBOptimizerTests {
    @Test(arguments: [0, 0.1]) func isTheFormula(decay: Double) throws {
        let run = try OptimizerRun(
            LAMBOptimizer(learningRate: 0.05, weightDecay: decay, beta1: 0.8, beta2: 0.9, epsilon: 1e-2))
        #expect(run.slots == ["dense/kernel/m", "dense/kernel/v"])
        var w = OptimizerRun.initial.map(Double.init)
        var (m, v) = ([0.0, 0, 0], [0.0, 0, 0])
        for step in OptimizerRun.gradients.indices {
            let t = Double(step + 1)
            var u = [0.0, 0, 0]
            for index in w.indices {
                let g = Double(OptimizerRun.gradients[step][index])
                m[index] += (g - m[index]) * 0.2
                v[index] += (g * g - v[index]) * 0.1
                u[index] =
                    m[index] / (1 - pow(0.8, t)) / (sqrt(v[index] / (1 - pow(0.9, t))) + 1e-2) + decay * w[index]
            }
            func length(_ x: [Double]) -> Double { sqrt(x.reduce(0) { $0 + $1 * $1 }) }
            let ratio = length(w) / length(u)
            for index in w.indices { w[index] -= 0.05 * ratio * u[index] }
            for (value, expected) in zip(run.values[step], w) { #expect(abs(Double(value) - expected) < 1e-5) }
        }
    }
}
