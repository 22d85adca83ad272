import Estimator
import Executor
import Formats
import Graph
import OrderedCollections
import Testing

/// Numbers and names that nothing can be run with: an error with its reason, never a trap.
@Suite struct RefusalTests {
    private func estimator(_ config: RunConfig) throws -> TPUEstimator {
        try TPUEstimator(modelFunction: SmallModel().modelFunction, config: config, trainBatchSize: 16)
    }

    @Test func intervalsOfRunConfig() throws {
        #expect(throws: EstimatorError.twoCheckpointIntervals) {
            try estimator(RunConfig(saveCheckpointsSteps: 5, saveCheckpointsSeconds: 5))
        }
        for value in [-1, Int.min] {
            let configs: [(String, RunConfig)] = [
                ("save_checkpoints_steps", RunConfig(saveCheckpointsSteps: value)),
                ("save_checkpoints_secs", RunConfig(saveCheckpointsSeconds: value)),
                ("keep_checkpoint_max", RunConfig(keepCheckpointMax: value)),
                ("save_summary_steps", RunConfig(master: "", saveSummarySteps: value)),
            ]
            for (name, config) in configs {
                #expect(throws: EstimatorError.negative(name: name, value: value)) { try estimator(config) }
            }
        }
        #expect(throws: EstimatorError.notPositive(name: "log_every_n_secs", value: 0)) {
            try estimator(RunConfig(logEverySeconds: 0))
        }
        for config in [
            RunConfig(saveCheckpointsSteps: .max), RunConfig(saveCheckpointsSeconds: .max),
            RunConfig(keepCheckpointMax: 0),
        ] {
            #expect(throws: Never.self) { try estimator(config) }
        }
        #expect(CheckpointSchedule.Interval(RunConfig(saveCheckpointsSeconds: .max)) != .never)
        #expect(TPUConfig.standard.numShards == 2 && TPUConfig.standard.iterationsPerLoop == 2)
    }

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

    @Test(arguments: ["loss", "global_step"])
    func namesOfMetrics(name: String) throws {
        let building = ProgramBuilding(
            modelFunction: { features, labels, mode, _, builder in
                let x = try #require(features.only)
                return TPUEstimatorSpec(
                    mode: mode, loss: x.reduceMean(),
                    evalMetrics: EvalMetrics(tensors: ["x": x], metrics: [.mean("x", name: name)]))
            }, params: ModelParameters(), features: .single(TensorType(.float32, [2])), labels: nil)
        let error = #expect(throws: EstimatorError.self) {
            try building.build(mode: .evaluate, coreBatchSize: 4, handedBatchSize: nil, shards: 1, isOnTPU: false)
        }
        #expect(error == .metricNameReserved(name))
        #expect(error?.kind == .value)
        #expect(error?.description.contains("a metric named \(name) is not allowed") == true)
    }

    /// The feeding threads of the hosts before the one whose input fails have ended when the call returns.
    @Test func aStartThatFailsOnAHostLeavesNoThread() throws {
        final class Watched: InputIterator {
            let living: Condition<Int>
            init(_ living: Condition<Int>) {
                self.living = living
                living.update { $0 += 1 }
            }
            deinit { living.update { $0 -= 1 } }
            func next(into elements: [UnsafeMutableRawBufferPointer]) -> Int? { nil }
        }
        struct FailingInput: InputFunction {
            let living = Condition(0)
            let made = Condition(0)
            var features: TypeStructure { .single(TensorType(.float32, [6])) }
            var labels: TypeStructure? { .single(.scalar(.int32)) }
            func makeIterator(_ request: InputRequest) throws -> any InputIterator {
                made.update { $0 += 1 }
                guard made.withLock({ $0 }) < 4 else { throw TestFailure("host 3 has no file") }
                return Watched(living)
            }
        }
        let input = FailingInput()
        #expect(throws: TrainingError.inputFailed(detail: "host 3 has no file")) {
            try SmallModel(shards: 4, hosts: 4).estimator(TemporaryFolder()).train(input: input, steps: 1)
        }
        #expect(input.made.withLock { $0 } == 4)
        // A thread holds its iterator as long as it lives.
        #expect(input.living.wait(atMost: 20) { $0 == 0 ? true : nil } == true)
    }

    @Test func negativeCoresAreCutTowardZero() throws {
        let device = DevicePlacement(masterJob: "w")
        #expect(device(-1) == "/job:w/task:0/device:TPU:7")
        #expect(device(-8) == "/job:w/task:-1/device:TPU:0")
        #expect(device(-9) == "/job:w/task:-1/device:TPU:7")
        #expect(DevicePlacement(masterJob: nil)(-7) == "/task:0/device:TPU:1")
        let host = HostPlacement(masterJob: "w")
        #expect(try host(coreID: -7) == "/job:w/task:0/device:CPU:0")
        #expect(try host(coreID: -16) == "/job:w/task:-2/device:CPU:0")
        #expect(try host(hostID: -3) == "/job:w/task:-3/device:CPU:0")
    }
}
