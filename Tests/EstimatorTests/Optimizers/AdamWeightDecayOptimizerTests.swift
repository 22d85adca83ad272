import Estimator
import Glibc
import Testing

/// The formula, written out again in doubles.
@Suite struct AdamWeightDecayOptimizerTests {
    @Test(arguments: [false, true]) func isTheFormula(isExcluded: Bool) throws {
        let exclusions = try #require(WeightDecayExclusions(matching: [isExcluded ? "kernel" : "bias"]))
        let run = try OptimizerRun(
            AdamWeightDecayOptimizer(
                learningRate: 0.05, weightDecay: 0.1, beta1: 0.8, beta2: 0.9, epsilon: 1e-2, exclusions: exclusions))
        #expect(run.slots == ["dense/kernel/adam_m", "dense/kernel/adam_v"])
        for index in OptimizerRun.initial.indices {
            var (w, m, v) = (Double(OptimizerRun.initial[index]), 0.0, 0.0)
            for step in OptimizerRun.gradients.indices {
                let g = Double(OptimizerRun.gradients[step][index])
                m = 0.8 * m + 0.2 * g
                v = 0.9 * v + 0.1 * g * g
                w -= 0.05 * (m / (sqrt(v) + 1e-2) + (isExcluded ? 0 : 0.1 * w))
                #expect(abs(Double(run.values[step][index]) - w) < 1e-5, "step \(step) element \(index)")
            }
        }
    }
}
