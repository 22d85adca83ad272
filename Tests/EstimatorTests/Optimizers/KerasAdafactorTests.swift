import Estimator
import Glibc
import Testing

/// The formula, written out again in doubles.
@Suite struct KerasAdafactorTests {
    /// A vector keeps all its squares.
    @Test func isTheFormula() throws {
        let run = try OptimizerRun(
            KerasAdafactor(learningRate: 0.6, beta2Decay: -0.7, epsilon1: 1e-3, epsilon2: 0.01, clipThreshold: 0.5))
        #expect(run.slots == ["dense/kernel/v"])
        func rms(_ x: [Double]) -> Double { sqrt(x.reduce(0) { $0 + $1 * $1 } / Double(x.count)) }
        var w = OptimizerRun.initial.map(Double.init)
        var v = [0.0, 0, 0]
        for step in OptimizerRun.gradients.indices {
            let t = Double(step + 1)
            let past = 1 - pow(t, -0.7)
            let g = OptimizerRun.gradients[step].map(Double.init)
            for index in w.indices { v[index] = past * v[index] + (1 - past) * (g[index] * g[index] + 1e-3) }
            let u = w.indices.map { g[$0] / sqrt(v[$0]) }
            let scale = max(0.01, rms(w)) * min(0.6, 1 / sqrt(t)) / max(1, rms(u) / 0.5)
            for index in w.indices { w[index] -= scale * u[index] }
            for (value, expected) in zip(run.values[step], w) { #expect(abs(Double(value) - expected) < 1e-5) }
        }
    }
}
