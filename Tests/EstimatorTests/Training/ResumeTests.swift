import Estimator
import Testing
import TestSupport

/// A run that was cut and goes on ends with the bytes of one that was not.
@Suite struct ResumeTests {
    private static let optimizers: [any Optimizer] = [
        KerasSGD(learningRate: 0.2, momentum: 0.9, nesterov: true), AdamOptimizer(learningRate: 0.05),
        KerasAdam(learningRate: 0.05), MomentumOptimizer(learningRate: 0.1, momentum: 0.9),
    ]

    @Test(arguments: ExecutorUnderTest.all, optimizers.indices)
    func cutAnywhere(under: ExecutorUnderTest, optimizer: Int) throws {
        var model = SmallModel(optimizer: Self.optimizers[optimizer], iterations: 25, under: under)
        let whole = try TemporaryFolder()
        try model.estimator(whole).train(input: try SmallModel.shuffled(), maxSteps: 60)
        let expected = try whole.arrays(at: 60)

        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<6 {
            let cut = try TemporaryFolder()
            var at = 0
            while at < 60 {
                at = min(60, at + 1 + Int(random.next() % 30))
                model.iterations = 1 + Int(random.next() % 40)
                model.hosts = [1, 2, 4, 8][Int(random.next() % 4)]
                model.threads = 1 + Int(random.next() % 3)
                model.perHost = random.next() % 2 == 0
                try model.estimator(cut).train(
                    input: try SmallModel.shuffled(), maxSteps: at, dataStart: .checkpoint)
            }
            #expect(try cut.arrays(at: 60) == expected, "seed \(seed)")
        }
    }

    /// Somebody else's thread asks to stop in the middle of a device loop; the run goes on later.
    @Test(arguments: ExecutorUnderTest.all) func stoppedByRequest(under: ExecutorUnderTest) throws {
        var model = SmallModel(iterations: 60, under: under)
        let whole = try TemporaryFolder()
        try model.estimator(whole).train(input: try SmallModel.shuffled(), maxSteps: 60)

        let cut = try TemporaryFolder()
        let switchboard = Switchboard()
        let input = CountingInput(base: try SmallModel.shuffled()) { batch in
            if batch == 17 { switchboard.estimator?.requestStop(checkpoint: true) }
        }
        let record = Record()
        let estimator = try model.estimator(cut, record)
        switchboard.estimator = estimator
        let result = try estimator.train(input: input, maxSteps: 60, dataStart: .checkpoint)
        #expect(result.ending == .stopped(checkpointed: true))
        #expect(result.globalStep < 60)
        if result.globalStep > 0 {
            #expect(record.seen.checkpoints.map(\.step) == [result.globalStep])
            #expect(record.seen.checkpoints.first?.reason == .stop)
        }
        switchboard.estimator = nil
        model.iterations = 7
        try model.estimator(cut).train(input: input, maxSteps: 60, dataStart: .checkpoint)
        #expect(try cut.arrays(at: 60) == (try whole.arrays(at: 60)))
    }

    /// The newest checkpoint is damaged: training goes on from the one before and ends with the same bytes.
    @Test func damagedNewest() throws {
        let folder = try TemporaryFolder()
        let model = SmallModel(iterations: 5)
        try model.estimator(folder).train(input: try SmallModel.shuffled(), maxSteps: 40)
        let expected = try folder.arrays(at: 40)
        try folder.put([0], "checkpoints/40/optimizer.safetensors")
        let record = Record()
        try model.estimator(folder, record).train(
            input: try SmallModel.shuffled(), maxSteps: 40, dataStart: .checkpoint)
        #expect(record.seen.started.map(\.step) == [30])
        #expect(record.seen.log.contains { $0.level == .warning && $0.text.hasPrefix("Checkpoint 40 is skipped") })
        #expect(try folder.arrays(at: 40) == expected)
    }

    /// A library's call starts its data anew, as the source does; a job's attempt does not.
    @Test func dataStart() throws {
        let (anew, on) = (try TemporaryFolder(), try TemporaryFolder())
        for (folder, start) in [(anew, DataStart.firstRecord), (on, .checkpoint)] {
            for step in [5, 10] {
                try SmallModel().estimator(folder).train(
                    input: try SmallModel.shuffled(), maxSteps: step, dataStart: start)
            }
        }
        #expect(try anew.arrays(at: 5) == (try on.arrays(at: 5)))
        #expect(try anew.arrays(at: 10) != (try on.arrays(at: 10)))
    }
}
