import Estimator
import Formats
import Graph
import OrderedCollections
import Testing

@Suite struct TPUEstimatorTrainTests {
    @Test func tellsWhatHappens() throws {
        let folder = try TemporaryFolder()
        let record = Record()
        let model = SmallModel(iterations: 4, saveSteps: 10)
        let result = try model.estimator(folder, record).train(input: SmallModel.array(), maxSteps: 26)
        let seen = record.seen
        #expect(result.globalStep == 26 && result.ending == .finished)
        #expect(seen.started.map(\.step) == [0] && seen.started.map(\.target) == [26])
        // The last loop is cut to what is left; a checkpoint comes at the first boundary at or past each multiple.
        #expect(seen.losses.map(\.step) == [4, 8, 12, 16, 20, 24, 26])
        #expect(seen.progress.map(\.globalStep) == [4, 8, 12, 16, 20, 24, 26])
        #expect(seen.checkpoints.map(\.step) == [12, 20, 26])
        #expect(seen.checkpoints.map(\.reason) == [.interval, .interval, .final])
        #expect(result.loss == seen.losses.last?.loss)
        for progress in seen.progress {
            #expect(progress.targetStep == 26)
            #expect(progress.stepsPerSecond > 0)
            #expect(progress.examplesPerSecond == progress.stepsPerSecond * 16)
            #expect(0...1 ~= progress.infeedWaitFraction)
        }
        #expect(seen.log.contains { $0.text.hasPrefix("loss = ") && $0.text.contains("step = 4") })
        let state = try JSON(parsing: try folder.bytes("checkpoints/26/state.json"))
        #expect(state["global_step"]?.int == 26 && state["data"]?["consumed_batches"]?.int == 26)
    }

    @Test func keepsSomeCheckpoints() throws {
        let folder = try TemporaryFolder()
        let record = Record()
        try SmallModel(iterations: 5, saveSteps: 5, keepMax: 2).estimator(folder, record).train(
            input: SmallModel.array(), steps: 20)
        #expect(try folder.names("checkpoints") == ["15", "20"])
        #expect(record.seen.removed == [5, 10])
    }

    @Test func sameNumbersWhateverTheLoop() throws {
        var bytes: [[[UInt8]]] = []
        for (iterations, hosts, perHost) in [(1, 1, true), (3, 8, true), (24, 4, false), (100, 2, false)] {
            let folder = try TemporaryFolder()
            let model = SmallModel(iterations: iterations, perHost: perHost, hosts: hosts)
            try model.estimator(folder).train(input: try SmallModel.shuffled(), maxSteps: 24)
            bytes.append(try folder.arrays(at: 24))
        }
        for other in bytes.dropFirst() { #expect(other == bytes[0]) }
    }

    @Test func fileHoldsVariablesOnly() throws {
        let folder = try TemporaryFolder()
        try SmallModel(optimizer: KerasAdam(), iterations: 5).estimator(folder).train(
            input: SmallModel.array(), steps: 5)
        let model = try Safetensors(parsing: try folder.bytes("checkpoints/5/model.safetensors"))
        #expect(Set(model.tensors.keys) == ["dense/kernel", "dense/bias"] && model.metadata.isEmpty)
        let slots = try Safetensors(parsing: try folder.bytes("checkpoints/5/optimizer.safetensors"))
        #expect(Set(slots.tensors.keys) == ["dense/kernel/m", "dense/kernel/v", "dense/bias/m", "dense/bias/v"])
    }

    @Test func trainsNothingAtOrPastMaxSteps() throws {
        let folder = try TemporaryFolder()
        let model = SmallModel()
        try model.estimator(folder).train(input: SmallModel.array(), steps: 6)
        for maxSteps in [6, 5] {
            let record = Record()
            let result = try model.estimator(folder, record).train(input: SmallModel.array(), maxSteps: maxSteps)
            #expect(result.globalStep == 6 && result.loss == nil && result.ending == .finished)
            #expect(record.seen.losses.isEmpty && record.seen.checkpoints.isEmpty)
        }
        // `steps` counts from where the checkpoint is.
        #expect(try model.estimator(folder).train(input: SmallModel.array(), steps: 3).globalStep == 9)
    }

    @Test func hooksAreCalledInOrder() throws {
        final class Recorder: SessionHook {
            var calls: [String] = []
            func begin(_ scope: VariableScope) { calls.append("begin") }
            func sessionCreated(_ session: any Session) { calls.append("created") }
            func beforeRun(_ context: SessionRunContext) -> [SessionOperation] {
                calls.append("before")
                return []
            }
            func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {
                calls.append("after \(try context.session.variables.value(of: .globalStep))")
            }
            func end(_ session: any Session) { calls.append("end") }
        }
        let hook = Recorder()
        let folder = try TemporaryFolder()
        try SmallModel(iterations: 3).estimator(folder).train(input: SmallModel.array(), maxSteps: 5, hooks: [hook])
        #expect(hook.calls == ["begin", "created", "before", "after 3", "before", "after 5", "end"])
    }

    @Test func startsFromGivenValues() throws {
        let kernel = NDArray((0..<18).map { Float($0) / 20 }, shape: [6, 3])
        let bias = NDArray([Float(1), 2, 3])
        var model = SmallModel(optimizer: GradientDescentOptimizer(learningRate: 0))
        model.startingPoint = StartingPoint(variables: ["dense/kernel": kernel, "dense/bias": bias, "more": bias])
        let folder = try TemporaryFolder()
        try model.estimator(folder).train(input: SmallModel.array(), steps: 2)
        let checkpoint = try #require(try CheckpointStore(modelDirectory: folder.path).latestGood())
        #expect(checkpoint.variables.first { $0.name == "dense/kernel" }?.array == kernel)

        model.startingPoint = StartingPoint(variables: ["dense/kernel": kernel])
        #expect(throws: TrainingError.variableMissing(name: "dense/bias")) {
            try model.estimator(try TemporaryFolder()).train(input: SmallModel.array(), steps: 1)
        }
        model.startingPoint = StartingPoint(variables: ["dense/kernel": bias, "dense/bias": bias])
        #expect(
            throws: TrainingError.variableMismatch(
                name: "dense/kernel", found: "float32 [3]", expected: "float32 [6, 3]")
        ) { try model.estimator(try TemporaryFolder()).train(input: SmallModel.array(), steps: 1) }
    }

    @Test func refusesWhatTheSourceRefuses() throws {
        let folder = try TemporaryFolder()
        #expect(throws: EstimatorError.crossShardOptimizerMissing) {
            try SmallModel(isSharded: false).estimator(folder).train(input: SmallModel.array(), steps: 1)
        }
        #expect(throws: EstimatorError.trainStepsMissing) {
            try SmallModel().estimator(folder).train(input: SmallModel.array())
        }
        #expect(throws: EstimatorError.twoStepLimits) {
            try SmallModel().estimator(folder).train(input: SmallModel.array(), steps: 1, maxSteps: 1)
        }
        #expect(throws: EstimatorError.trainBatchSizeNotDivisible(batchSize: 12, numShards: 8)) {
            try SmallModel(trainBatchSize: 12).estimator(folder)
        }
        #expect(throws: EstimatorError.reservedParameters(["batch_size"])) {
            _ = try TPUEstimator(
                modelFunction: SmallModel().modelFunction, params: ModelParameters(["batch_size": .int(1)]),
                trainBatchSize: 8)
        }
        #expect(try folder.names() == [".lock"])
    }

    @Test func oneRunAModelDirectory() throws {
        let folder = try TemporaryFolder()
        let held = try ModelDirectoryLock(modelDirectory: folder.path)
        #expect(throws: TrainingError.modelDirectoryInUse) {
            try SmallModel().estimator(folder).train(input: SmallModel.array(), steps: 1)
        }
        withExtendedLifetime(held) {}
    }

    @Test func onTheCPU() throws {
        let folder = try TemporaryFolder()
        let model = SmallModel(isSharded: false, useTPU: false, iterations: 3)
        let record = Record()
        // The input's end is a proper one: three batches of 16 and one of 2 in 50 rows.
        let result = try model.estimator(folder, record).train(input: SmallModel.array(repeats: 1))
        #expect(
            result.ending
                == .inputEnded(InputExhaustion(rows: 50, batchSize: 16, stepsDone: 4, stepsAsked: 4)))
        #expect(record.seen.checkpoints.map(\.step) == [4])
        #expect(!record.seen.log.contains { $0.text.contains("TPU") })
    }

    /// A job asks for whole input on the CPU, too.
    @Test func wholeInputOnTheCPU() throws {
        let model = SmallModel(isSharded: false, evalBatchSize: 16, useTPU: false, demandsWholeInput: true)
        let folder = try TemporaryFolder()
        #expect(
            throws: TrainingError.inputExhausted(
                InputExhaustion(rows: 50, batchSize: 16, stepsDone: 4, stepsAsked: 9))
        ) { try model.estimator(folder).train(input: SmallModel.array(repeats: 1), maxSteps: 9) }
        // Without a number of steps the input's end is what was asked for.
        #expect(try model.estimator(folder).train(input: SmallModel.array(repeats: 1)).globalStep == 4)
        #expect(
            throws: TrainingError.inputExhausted(
                InputExhaustion(rows: 50, batchSize: 16, stepsDone: 4, stepsAsked: 5))
        ) { try model.estimator(folder).evaluate(input: SmallModel.array(repeats: 1), steps: 5) }
        #expect(try model.estimator(folder).evaluate(input: SmallModel.array(repeats: 1), steps: 4).rows == 50)
    }

    @Test func checkpointOnRequest() throws {
        let folder = try TemporaryFolder()
        let switchboard = Switchboard()
        let record = Record { progress in
            if progress.globalStep == 6 { switchboard.estimator?.requestCheckpoint() }
        }
        let estimator = try SmallModel(iterations: 3, saveSteps: 100).estimator(folder, record)
        switchboard.estimator = estimator
        try estimator.train(input: SmallModel.array(), maxSteps: 12)
        switchboard.estimator = nil
        #expect(record.seen.checkpoints.map(\.step) == [6, 12])
        #expect(record.seen.checkpoints.map(\.reason) == [.request, .final])
    }
}
