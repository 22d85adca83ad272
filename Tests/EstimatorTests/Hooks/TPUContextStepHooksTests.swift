import Estimator
import Testing

/// Which steps of a call are refused, and what stops it.
@Suite struct TPUContextStepHooksTests {
    private func context(useTPU: Bool = true, eval: Int? = 8) throws -> TPUContext {
        TPUContext(
            config: RunConfig(tpuConfig: try TPUConfig(iterationsPerLoop: 7)), trainBatchSize: 8, evalBatchSize: eval,
            useTPU: useTPU)
    }

    @Test(
        arguments: [
            (nil, nil, .trainStepsMissing), (0, nil, .notPositive(name: "Train steps", value: 0)),
            (nil, -3, .notPositive(name: "Train max_steps", value: -3)), (5, 5, .twoStepLimits),
            // Numbers are looked at before their number.
            (-1, 5, .notPositive(name: "Train steps", value: -1)),
        ] as [(Int?, Int?, EstimatorError)])
    func trainingIsRefused(steps: Int?, maxSteps: Int?, error: EstimatorError) throws {
        let context = try context()
        #expect(throws: error) { try context.trainingHook(steps: steps, maxSteps: maxSteps) }
    }

    @Test func trainingStops() throws {
        let bySteps = try #require(try context().trainingHook(steps: 5, maxSteps: nil))
        #expect(bySteps.numSteps == 5 && bySteps.lastStep == nil && bySteps.iterationsPerLoop == 7)
        let byStep = try #require(try context().trainingHook(steps: nil, maxSteps: 5))
        #expect(byStep.numSteps == nil && byStep.lastStep == 5)
        // On the CPU other rules hold.
        #expect(try context(useTPU: false).trainingHook(steps: nil, maxSteps: nil) == nil)
    }

    @Test func evaluation() throws {
        #expect(throws: EstimatorError.evalStepsMissing) { try context().evaluationHooks(steps: nil) }
        #expect(throws: EstimatorError.notPositive(name: "Eval steps", value: 0)) {
            try context().evaluationHooks(steps: 0)
        }
        let hooks = try #require(try context().evaluationHooks(steps: 4))
        #expect(hooks.stop.numEvals == 4 && hooks.set.numSteps == 4)
        #expect(try context(eval: nil).evaluationHooks(steps: nil) == nil)
        #expect(try context(useTPU: false).evaluationHooks(steps: 0) == nil)
    }
}
