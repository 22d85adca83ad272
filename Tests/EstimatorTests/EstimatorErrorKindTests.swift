import Estimator
import Testing

@Suite struct EstimatorErrorKindTests {
    /// What `raise` says where TPUEstimator's source refuses it.
    @Test(
        arguments: [
            (.configMissing, "ValueError"), (.trainBatchSizeNotDivisible(batchSize: 7, numShards: 8), "ValueError"),
            (.reservedParameters(["batch_size"]), "ValueError"), (.crossShardOptimizerMissing, "ValueError"),
            (.groupAssignmentIncomplete(numShards: 8), "ValueError"),
            (.evalMetricsMissing, "TypeError"), (.metricFunctionNotCallable, "TypeError"),
            (.modeNotSet, "RuntimeError"), (.coreAndHostGiven, "RuntimeError"), (.outfeedScalar("x"), "RuntimeError"),
            (.multiHostEvaluation, "NotImplementedError"), (.inputNotCallable, "AssertionError"),
        ] as [(EstimatorError, String)]) func classes(error: EstimatorError, raised: String)
    {
        #expect(error.kind.rawValue == raised)
    }

    /// Numbers and names that a caller passes are values, whatever they are.
    @Test func whatTheCallerPasses() {
        func kind(_ body: () throws(EstimatorError) -> Void) -> EstimatorError.Kind? {
            do throws(EstimatorError) {
                try body()
                return nil
            } catch {
                return error.kind
            }
        }
        let configuration = RunConfig()
        let refused: [EstimatorError.Kind?] = [
            kind { () throws(EstimatorError) in _ = try TPUConfig(iterationsPerLoop: 0) },
            kind { () throws(EstimatorError) in _ = try TPUConfig(numShards: -1) },
            kind { () throws(EstimatorError) in try RunConfig(keepCheckpointMax: -1).validate() },
            kind { () throws(EstimatorError) in
                try RunConfig(saveCheckpointsSteps: 1, saveCheckpointsSeconds: 1).validate()
            },
            kind { () throws(EstimatorError) in _ = try StopAtStepHook(iterationsPerLoop: 1) },
            kind { () throws(EstimatorError) in
                _ = try StopAtStepHook(iterationsPerLoop: 1, numSteps: 1, lastStep: 1)
            },
            kind { () throws(EstimatorError) in
                _ = try TPUContext(config: configuration, trainBatchSize: 8, evalBatchSize: 8).evaluationHooks(steps: 0)
            },
        ]
        #expect(refused == [EstimatorError.Kind?](repeating: .value, count: refused.count))
        // A use at the wrong time is not.
        #expect(
            kind { () throws(EstimatorError) in
                _ = try TPUContext(config: configuration, trainBatchSize: 8, evalBatchSize: 8).mode
            } == .runtime)
    }
}
