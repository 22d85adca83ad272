import Estimator
import Formats
import Graph
import Testing

/// What ends a training badly, and what is left then.
@Suite struct TrainingRunTests {
    private func training(_ model: SmallModel, _ folder: TemporaryFolder, _ input: any InputFunction, steps: Int) throws
    {
        try model.estimator(folder).train(input: input, maxSteps: steps, dataStart: .checkpoint)
    }

    /// Batch 3 of 16 rows holds rows 48, 49, 0 … of 50: row 49 is on core 0, row 20 in batch 1 on core 2.
    @Test(arguments: ExecutorUnderTest.all) func notFinite(under: ExecutorUnderTest) throws {
        var features = SmallModel.features
        features[49 * 6] = .nan
        let folder = try TemporaryFolder()
        var model = SmallModel(iterations: 2, saveSteps: 2, under: under)
        #expect(throws: TrainingError.notFinite(step: 4, variable: "dense/kernel")) {
            try training(model, folder, SmallModel.array(features: features), steps: 10)
        }
        #expect(try folder.names("checkpoints") == ["2"])

        features = SmallModel.features
        features[20 * 6] = .infinity
        model.iterations = 8
        let other = try TemporaryFolder()
        #expect(throws: TrainingError.notFinite(step: 2, variable: "dense/kernel")) {
            try training(model, other, SmallModel.array(features: features), steps: 10)
        }
        #expect(try CheckpointStore(modelDirectory: other.path).latestGood() == nil)
    }

    @Test(arguments: ExecutorUnderTest.all) func inputEndsEarly(under: ExecutorUnderTest) throws {
        let folder = try TemporaryFolder()
        let model = SmallModel(iterations: 2, saveSteps: 2, hosts: 2, under: under)
        let expected = InputExhaustion(rows: 50, batchSize: 16, stepsDone: 3, stepsAsked: 10)
        #expect(throws: TrainingError.inputExhausted(expected)) {
            try training(model, folder, SmallModel.array(repeats: 1), steps: 10)
        }
        #expect(
            expected.description
                == "the input ended after 50 rows, enough for 3 steps of batch 16; 10 steps were asked for")
        #expect(try folder.names("checkpoints") == ["2"])
        // Going on from the checkpoint meets the same end.
        #expect(throws: TrainingError.inputExhausted(expected)) {
            try training(model, folder, SmallModel.array(repeats: 1), steps: 10)
        }
    }

    @Test(arguments: ExecutorUnderTest.all, [true, false])
    func inputFails(under: ExecutorUnderTest, useTPU: Bool) throws {
        let folder = try TemporaryFolder()
        var model = SmallModel(iterations: 3, saveSteps: 3, under: under)
        model.useTPU = useTPU
        let input = SmallModel.array { batch in if batch == 5 { throw TestFailure("row 80 is not a number") } }
        #expect(throws: TrainingError.inputFailed(detail: "row 80 is not a number")) {
            try training(model, folder, input, steps: 30)
        }
        #expect(try folder.names("checkpoints") == ["3"])
    }

    @Test func iteratorCannotBeMade() throws {
        let input = CountingInput(base: FailingInput()) { _ in }
        #expect(throws: TrainingError.inputFailed(detail: "the file is gone")) {
            try training(SmallModel(), try TemporaryFolder(), input, steps: 1)
        }
    }

    @Test func modelFunctionFails() throws {
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: { features, _, mode, _, builder in
                let loss = features.elements[0].matmul(builder.constant(1, shape: [7, 1])).reduceMean()
                return TPUEstimatorSpec(mode: mode, loss: loss, trainOp: TrainOperation(slots: []))
            }, config: RunConfig(modelDirectory: folder.path), trainBatchSize: 16)
        let error = #expect(throws: TrainingError.self) {
            try estimator.train(input: SmallModel.array(), steps: 1)
        }
        guard case .modelFailed? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// A disk that is full at any moment of any checkpoint: training says so, and the last good one is there.
    @Test func checkpointFails() throws {
        var effects = 0
        while true {
            let folder = try TemporaryFolder()
            let files = FailingFiles(effects: effects)
            var model = SmallModel(iterations: 2, saveSteps: 2, keepMax: 1)
            model.files = files
            var fault: TrainingError?
            do { try training(model, folder, SmallModel.array(), steps: 6) } catch let error as TrainingError {
                fault = error
            }
            guard let fault else { break }
            guard case .machineFailed(let cause) = fault else {
                Issue.record("\(fault)")
                return
            }
            #expect(cause.kind == .diskFull)
            #expect(
                "\(fault)" == "the disk is full: writing a checkpoint failed (No space left on device)")
            _ = try CheckpointStore(modelDirectory: folder.path).latestGood()
            // With room again the run goes on, to the same bytes.
            model.files = POSIXCheckpointFiles()
            try training(model, folder, SmallModel.array(), steps: 6)
            #expect(try CheckpointStore(modelDirectory: folder.path).latestGood()?.step == 6)
            effects += 3
        }
        #expect(effects > 20)
    }

    /// Which condition of the machine each code tells of; one that tells of none is the checkpoint's own.
    @Test(
        arguments: [
            (28, MachineError.Kind.diskFull), (122, .diskFull), (5, .inputOutput), (30, .inputOutput), (24, .resources),
            (23, .resources), (12, .resources), (22, nil),
        ] as [(Int32, MachineError.Kind?)]) func conditionsOfTheMachine(code: Int32, kind: MachineError.Kind?) throws
    {
        var model = SmallModel(iterations: 3, saveSteps: 3)
        model.files = FailingFiles(effects: 0, code: code)
        do {
            try model.estimator(try TemporaryFolder()).train(input: SmallModel.array(), steps: 6)
            Issue.record("nothing failed")
        } catch TrainingError.machineFailed(let fault) {
            #expect(fault.kind == kind)
        } catch TrainingError.checkpointFailed {
            #expect(kind == nil)
        }
    }

    /// A read that the system refuses in the middle of training.
    @Test func inputThatTheMachineCannotRead() throws {
        for (code, kind) in [(Int32(5), MachineError.Kind.inputOutput), (24, .resources)] {
            let input = SmallModel.array { batch in
                if batch == 2 { throw FormatError(.inputOutput, "can't be read", systemError: code) }
            }
            let error = #expect(throws: TrainingError.self) {
                try SmallModel().estimator(try TemporaryFolder()).train(input: input, steps: 6)
            }
            guard case .machineFailed(let fault)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(fault.kind == kind && fault.activity == "reading the input")
        }
    }

    @Test func discarding() throws {
        let folder = try TemporaryFolder()
        let switchboard = Switchboard()
        let record = Record { progress in
            if progress.globalStep == 6 { switchboard.estimator?.requestStop(checkpoint: false) }
        }
        let estimator = try SmallModel(iterations: 3, saveSteps: 3).estimator(folder, record)
        switchboard.estimator = estimator
        let result = try estimator.train(input: SmallModel.array(), maxSteps: 30)
        #expect(result.ending == .stopped(checkpointed: false))
        #expect(result.globalStep == 6)
        #expect(record.seen.checkpoints.map(\.step) == [3])
        switchboard.estimator = nil
    }

    @Test func stopBeforeTheStart() throws {
        let folder = try TemporaryFolder()
        let estimator = try SmallModel().estimator(folder)
        estimator.requestStop(checkpoint: true)
        let result = try estimator.train(input: SmallModel.array(), maxSteps: 30)
        #expect(result.ending == .stopped(checkpointed: true) && result.globalStep == 0)
        // The request holds for one call.
        #expect(try estimator.train(input: SmallModel.array(), maxSteps: 5).globalStep == 5)
    }
}

/// An input whose file is gone.
private struct FailingInput: InputFunction {
    var features: TypeStructure { SmallModel.array().features }
    var labels: TypeStructure? { SmallModel.array().labels }
    func makeIterator(_ request: InputRequest) throws -> any InputIterator { throw TestFailure("the file is gone") }
}
