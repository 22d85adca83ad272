import Estimator
import Formats
import Graph
import Testing

/// Which checkpoints a training leaves, and why.
@Suite struct CheckpointKeeperTests {
    /// An observer that asks for something at some steps.
    private func asking(
        at steps: Set<Int>, _ switchboard: Switchboard, _ ask: @escaping @Sendable (TPUEstimator) -> Void
    )
        -> Record
    {
        Record { progress in
            if let estimator = switchboard.estimator, steps.contains(progress.globalStep) { ask(estimator) }
        }
    }

    /// A checkpoint that is due is not one on request, and one at the end that is there already is not written again.
    @Test func aRequestWhereOneIsDue() throws {
        let switchboard = Switchboard()
        let record = asking(at: [4, 6, 12], switchboard) { $0.requestCheckpoint() }
        let estimator = try SmallModel(iterations: 2, saveSteps: 6).estimator(TemporaryFolder(), record)
        switchboard.estimator = estimator
        try estimator.train(input: SmallModel.array(), maxSteps: 12)
        switchboard.estimator = nil
        #expect(record.seen.checkpoints.map(\.step) == [4, 6, 12])
        #expect(record.seen.checkpoints.map(\.reason) == [.request, .interval, .interval])
    }

    /// Neither 0 steps nor hours make one due before the end.
    @Test(arguments: [(0, nil), (nil, 0), (nil, 360_000), (nil, Int.max), (Int.max, nil)] as [(Int?, Int?)])
    func onlyAtTheEnd(steps: Int?, seconds: Int?) throws {
        let record = Record()
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: SmallModel().modelFunction,
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: 2, numShards: 8), modelDirectory: folder.path,
                saveCheckpointsSteps: steps, saveCheckpointsSeconds: seconds),
            params: ModelParameters(["classes": .int(3)]), trainBatchSize: 16, execution: .reference, observer: record)
        try estimator.train(input: SmallModel.array(), steps: 7)
        #expect(record.seen.checkpoints.map(\.step) == [7])
        #expect(record.seen.checkpoints.map(\.reason) == [.final])
    }

    /// A stop keeps what was reached where there is something, once.
    @Test func aStop() throws {
        let folder = try TemporaryFolder()
        let switchboard = Switchboard()
        let record = asking(at: [4], switchboard) { $0.requestStop(checkpoint: true) }
        var estimator = try SmallModel(iterations: 2, saveSteps: 100).estimator(folder, record)
        switchboard.estimator = estimator
        #expect(
            try estimator.train(input: SmallModel.array(), maxSteps: 30).ending == .stopped(checkpointed: true))
        #expect(record.seen.checkpoints.map(\.step) == [4] && record.seen.checkpoints.map(\.reason) == [.stop])
        // Stopped anew before its first step: the one that is there stays as it is.
        let again = Record()
        estimator = try SmallModel(iterations: 2, saveSteps: 100).estimator(folder, again)
        estimator.requestStop(checkpoint: true)
        #expect(try estimator.train(input: SmallModel.array(), maxSteps: 30).globalStep == 4)
        switchboard.estimator = nil
        #expect(again.seen.checkpoints.isEmpty)
        #expect(try estimator.checkpointStore().records().map(\.reason) == [.stop])
    }

    /// What a stop left where the input then turns out to have ended is the end's from now on.
    @Test func aStopAtTheInputsEnd() throws {
        let folder = try TemporaryFolder()
        let switchboard = Switchboard()
        let model = SmallModel(isSharded: false, trainBatchSize: 25, useTPU: false, iterations: 2, saveSteps: 100)
        let record = asking(at: [2], switchboard) { $0.requestStop(checkpoint: true) }
        let estimator = try model.estimator(folder, record)
        switchboard.estimator = estimator
        try estimator.train(input: SmallModel.array(repeats: 1), dataStart: .checkpoint)
        switchboard.estimator = nil
        #expect(record.seen.checkpoints.map(\.reason) == [.stop])
        for reasons in [[.final], []] as [[CheckpointReason]] {
            let on = Record()
            let result = try model.estimator(folder, on)
                .train(input: SmallModel.array(repeats: 1), dataStart: .checkpoint)
            #expect(result.globalStep == 2)
            #expect(on.seen.checkpoints.map(\.reason) == reasons)
        }
        #expect(try estimator.checkpointStore().records().map(\.reason) == [.final])
    }

    /// Batches count from the first record where the call's data begin there, else from the job's first.
    @Test(arguments: [(DataStart.checkpoint, 9), (.firstRecord, 4)]) func consumedBatches(
        start: DataStart, batches: Int
    ) throws {
        let folder = try TemporaryFolder()
        let model = SmallModel(iterations: 3)
        try model.estimator(folder).train(input: SmallModel.array(), maxSteps: 5)
        try model.estimator(folder).train(input: SmallModel.array(), maxSteps: 9, dataStart: start)
        let checkpoint = try #require(try CheckpointStore(modelDirectory: folder.path).latestGood())
        #expect(checkpoint.state.globalStep == 9 && checkpoint.state.consumedBatches == batches)
        #expect(checkpoint.state.seed == 3)
    }

    /// Steps near the end of whole numbers.
    @Test(arguments: ExecutorUnderTest.all) func theLargestSteps(under: ExecutorUnderTest) throws {
        let folder = try TemporaryFolder()
        let model = SmallModel(iterations: 3, saveSteps: 1000, under: under)
        try model.estimator(folder).train(input: SmallModel.array(), maxSteps: 1)
        let store = CheckpointStore(modelDirectory: folder.path)
        var checkpoint = try #require(try store.latestGood())
        checkpoint.step = .max - 5
        checkpoint.state.globalStep = .max - 5
        checkpoint.state.consumedBatches = .max - 5
        _ = try store.save(checkpoint, reason: .final)
        let result = try model.estimator(folder).train(
            input: GivenInput { request, _ in request.rows.count }, steps: 100, dataStart: .checkpoint)
        #expect(result.globalStep == .max && result.ending == .finished)
        let last = try #require(try store.latestGood())
        #expect(last.state.globalStep == .max && last.state.consumedBatches == .max)
    }
}
