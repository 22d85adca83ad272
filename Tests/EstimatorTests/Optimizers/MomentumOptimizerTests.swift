import Estimator
import Testing

/// TensorFlow 1's formulas, written out again in doubles.
@Suite struct MomentumOptimizerTests {
    @Test func theFormula() throws {
        let run = try OptimizerRun(MomentumOptimizer(learningRate: 0.1, momentum: 0.9))
        #expect(run.slots == ["dense/kernel/Momentum"])
        run.check { _, g, state in
            state[0] = 0.9 * state[0] + g
            return -0.1 * state[0]
        }
    }

    @Test func nesterov() throws {
        let run = try OptimizerRun(MomentumOptimizer(learningRate: 0.1, momentum: 0.9, useNesterov: true))
        #expect(run.slots == ["dense/kernel/Momentum"])
        run.check { _, g, state in
            state[0] = 0.9 * state[0] + g
            return -0.1 * (g + 0.9 * state[0])
        }
    }

    /// Without momentum either form is plain descent.
    @Test(arguments: [false, true]) func noMomentum(useNesterov: Bool) throws {
        let run = try OptimizerRun(MomentumOptimizer(learningRate: 0.5, momentum: 0, useNesterov: useNesterov))
        #expect(run.values == (try OptimizerRun(GradientDescentOptimizer(learningRate: 0.5)).values))
    }

    /// The rate acts on what was accumulated before, unlike Keras' momentum.
    @Test func theRateOfTheStep() throws {
        let rate = LearningRate { stepsDone in 0.1 * (stepsDone + 1) }
        try OptimizerRun(MomentumOptimizer(learningRate: rate, momentum: 0.5)).check { step, g, state in
            state[0] = 0.5 * state[0] + g
            return -0.1 * Double(step + 1) * state[0]
        }
    }
}
