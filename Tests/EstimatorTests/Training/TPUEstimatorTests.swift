import Estimator
import Foundation
import Testing

/// Numbers and names that nothing can be run with: an error with its reason, never a trap.
@Suite struct TPUEstimatorTests {
    @Test(arguments: [0, -1, Int.min])
    func batchSizes(size: Int) throws {
        let folder = try TemporaryFolder()
        var model = SmallModel(isSharded: false, trainBatchSize: size, useTPU: false)
        // The constructor looks at no batch size when the TPU is off, as the source.
        #expect(throws: EstimatorError.trainBatchSizeNotPositive(size)) {
            try model.estimator(folder).train(input: SmallModel.array(), steps: 1)
        }
        model = SmallModel(isSharded: false, trainBatchSize: 8, evalBatchSize: size, useTPU: false)
        try model.estimator(folder).train(input: SmallModel.array(), steps: 1)
        #expect(throws: EstimatorError.evalBatchSizeNotPositive(size)) {
            try model.estimator(folder).evaluate(input: SmallModel.array(repeats: 1))
        }
        guard size % 8 == 0 else { return }
        model = SmallModel(evalBatchSize: size)
        #expect(throws: EstimatorError.evalBatchSizeNotPositive(size)) {
            try model.estimator(folder).evaluate(input: SmallModel.array(), steps: 1)
        }
    }

    @Test func aBatchThatNoMachineHolds() throws {
        let model = SmallModel(isSharded: false, trainBatchSize: 1 << 40, evalBatchSize: nil, useTPU: false)
        let error = #expect(throws: TrainingError.self) {
            try model.estimator(TemporaryFolder()).train(input: SmallModel.array(), steps: 1)
        }
        #expect(error?.description.isEmpty == false)
        let large = SmallModel(isSharded: false, trainBatchSize: 1 << 31, evalBatchSize: nil, useTPU: false)
        let refusal = #expect(throws: TrainingError.self) {
            var own = large
            own.under = ExecutorUnderTest.all.last ?? .reference
            try own.estimator(TemporaryFolder()).train(input: SmallModel.array(), steps: 1)
        }
        #expect(refusal?.description.contains("the machine has") == true)
    }

    /// The constructor looks at the configuration, whether or not there is a TPU.
    @Test(arguments: [true, false]) func configurations(useTPU: Bool) {
        func error(_ config: RunConfig?) -> EstimatorError? {
            do throws(EstimatorError) {
                _ = try TPUEstimator(
                    modelFunction: SmallModel().modelFunction, config: config, useTPU: useTPU, trainBatchSize: 16)
                return nil
            } catch {
                return error
            }
        }
        #expect(error(nil) == .configMissing)
        #expect(error(RunConfig(saveCheckpointsSteps: 5, saveCheckpointsSeconds: 5)) == .twoCheckpointIntervals)
        #expect(error(RunConfig(keepCheckpointMax: -1)) == .negative(name: "keep_checkpoint_max", value: -1))
        #expect(error(RunConfig(logEverySeconds: 0)) == .notPositive(name: "log_every_n_secs", value: 0))
        #expect(error(RunConfig()) == nil)
    }

    /// Without a directory of the user's there is one of its own, the same from call to call.
    @Test func modelDirectory() throws {
        func estimator(_ directory: String?) throws -> TPUEstimator {
            try TPUEstimator(
                modelFunction: SmallModel().modelFunction, config: RunConfig(modelDirectory: directory),
                trainBatchSize: 16)
        }
        #expect(try estimator("a/b").modelDirectory() == "a/b")
        // Given to the estimator itself it is the configuration's, or contradicts it.
        for (config, expected) in [(nil, nil), ("a/b", nil), ("c", .modelDirectoriesDiffer("a/b", config: "c"))]
            as [(String?, EstimatorError?)]
        {
            var refusal: EstimatorError?
            do throws(EstimatorError) {
                let made = try TPUEstimator(
                    modelFunction: SmallModel().modelFunction, modelDirectory: "a/b",
                    config: RunConfig(modelDirectory: config), trainBatchSize: 16)
                #expect((try? made.modelDirectory()) == "a/b")
            } catch { refusal = error }
            #expect(refusal == expected)
        }
        let own = try estimator(nil)
        let made = try own.modelDirectory()
        let another = try estimator(nil).modelDirectory()
        defer { for path in [made, another] { try? FileManager.default.removeItem(atPath: path) } }
        #expect(try own.modelDirectory() == made)
        #expect(another != made)
    }
}
