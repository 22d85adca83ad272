import Estimator
import Glibc
import Testing

/// The formula, written out again in doubles.
@Suite struct FtrlOptimizerTests {
    @Test(arguments: [-0.5, -0.3]) func isTheFormula(power: Double) throws {
        let optimizer = FtrlOptimizer(
            learningRate: 0.3, learningRatePower: power, initialAccumulatorValue: 0.2, l1: 0.1, l2: 0.05,
            l2Shrinkage: 0.02, beta: 0.4)
        let run = try OptimizerRun(optimizer)
        #expect(run.slots == ["dense/kernel/Ftrl", "dense/kernel/Ftrl_1"])
        #expect(
            try OptimizerRun(optimizer.withKerasSlots()).slots
                == ["dense/kernel/accumulator", "dense/kernel/linear"])
        for index in OptimizerRun.initial.indices {
            var (w, n, z) = (Double(OptimizerRun.initial[index]), 0.2, 0.0)
            for step in OptimizerRun.gradients.indices {
                let g = Double(OptimizerRun.gradients[step][index])
                z += g + 2 * 0.02 * w - (pow(n + g * g, -power) - pow(n, -power)) / 0.3 * w
                n += g * g
                w = (min(max(z, -0.1), 0.1) - z) / ((pow(n, -power) + 0.4) / 0.3 + 2 * 0.05)
                #expect(abs(Double(run.values[step][index]) - w) < 1e-5, "step \(step) element \(index)")
            }
        }
    }
}
