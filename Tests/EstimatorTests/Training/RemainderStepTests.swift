import Estimator
import Formats
import Graph
import OrderedCollections
import Testing

/// Training without the TPU, where the last batch may have fewer rows, as TensorFlow's Estimator has it.
@Suite struct RemainderStepTests {
    private static func model(
        batch: Int, iterations: Int = 5, under: ExecutorUnderTest = .reference,
        optimizer: any Optimizer = KerasAdam(learningRate: 0.05)
    ) -> SmallModel {
        SmallModel(
            optimizer: optimizer, isSharded: false, trainBatchSize: batch, evalBatchSize: nil, useTPU: false,
            iterations: iterations, under: under, demandsWholeInput: true)
    }

    private static func input(rows: Int, drops: Bool = false) -> ArrayInput {
        var input = ArrayInput(
            NDArray(Array(SmallModel.features.prefix(rows * 6)), shape: [rows, 6]),
            labels: NDArray(Array(SmallModel.classes.prefix(rows))), repeats: 1)
        input.dropsRemainder = drops
        return input
    }

    /// 10 rows in batches of 4 are 3 steps, 5 rows in batches of 8 are 1.
    @Test(arguments: ExecutorUnderTest.all, [(10, 4, 3), (5, 8, 1), (12, 4, 3), (1, 1, 1), (9, 8, 2)])
    func theShortLastBatchIsTrained(under: ExecutorUnderTest, numbers: (rows: Int, batch: Int, steps: Int)) throws {
        for iterations in [1, 2, 3, 5] {
            let folder = try TemporaryFolder()
            let record = Record()
            let result = try Self.model(batch: numbers.batch, iterations: iterations, under: under)
                .estimator(folder, record).train(input: Self.input(rows: numbers.rows))
            #expect(result.globalStep == numbers.steps, "\(iterations) iterations")
            #expect(result.loss?.isFinite == true)
            #expect(record.seen.checkpoints.last?.step == numbers.steps)
        }
    }

    @Test(arguments: ExecutorUnderTest.all)
    func theShortStepUsesAndUpdatesTheSameVariables(under: ExecutorUnderTest) throws {
        func checkpoint(_ run: (TPUEstimator) throws -> Void, batch: Int) throws -> Checkpoint {
            let folder = try TemporaryFolder()
            try run(Self.model(batch: batch, under: under).estimator(folder))
            return try #require(try CheckpointStore(modelDirectory: folder.path).latestGood())
        }
        // Rows 0 to 3, then rows 4 and 5 as a short batch; and the same by hand, each call with batches of its own size.
        let whole = try checkpoint({ try $0.train(input: Self.input(rows: 6)) }, batch: 4)
        let folder = try TemporaryFolder()
        try Self.model(batch: 4, under: under).estimator(folder).train(input: Self.input(rows: 4))
        let rest = ArrayInput(
            NDArray(Array(SmallModel.features[24..<36]), shape: [2, 6]),
            labels: NDArray(Array(SmallModel.classes[4..<6])), repeats: 1)
        try Self.model(batch: 2, under: under).estimator(folder).train(input: rest)
        let parts = try #require(try CheckpointStore(modelDirectory: folder.path).latestGood())
        #expect(whole.step == 2 && parts.step == 2)
        #expect(whole.variables.map(\.name) == parts.variables.map(\.name))
        #expect(whole.variables.map(\.array) == parts.variables.map(\.array))
        #expect(whole.slots.map(\.array) == parts.slots.map(\.array))
        #expect(whole.state.consumedBatches == 2)
    }

    @Test func stepsCountTheShortBatch() throws {
        let folder = try TemporaryFolder()
        let estimator = try Self.model(batch: 4).estimator(folder)
        let result = try estimator.train(input: Self.input(rows: 10), maxSteps: 3)
        #expect(result.globalStep == 3 && result.ending == .finished)
        let expected = InputExhaustion(rows: 10, batchSize: 4, stepsDone: 3, stepsAsked: 4)
        #expect(throws: TrainingError.inputExhausted(expected)) {
            try Self.model(batch: 4).estimator(TemporaryFolder()).train(input: Self.input(rows: 10), maxSteps: 4)
        }
    }

    @Test func whereTheInputDropsItItIsDropped() throws {
        let result = try Self.model(batch: 4).estimator(TemporaryFolder())
            .train(input: Self.input(rows: 10, drops: true))
        #expect(result.globalStep == 2)
    }

    @Test func noStepAtAllIsAnError() throws {
        let folder = try TemporaryFolder()
        let expected = InputExhaustion(rows: 5, batchSize: 8, stepsDone: 0, stepsAsked: 1)
        #expect(throws: TrainingError.inputExhausted(expected)) {
            try Self.model(batch: 8).estimator(folder).train(input: Self.input(rows: 5, drops: true))
        }
        #expect(try CheckpointStore(modelDirectory: folder.path).latestGood() == nil)
        // Going on behind the input's end is none, and says so.
        try Self.model(batch: 4).estimator(folder).train(input: Self.input(rows: 8))
        let record = Record()
        let again = try Self.model(batch: 4).estimator(folder, record)
            .train(input: Self.input(rows: 8), dataStart: .checkpoint)
        #expect(again.globalStep == 2)
        #expect(record.seen.log.contains { $0.text.hasPrefix("No step was trained") })
    }

    @Test func aShortBatchThatSpoilsTheLossIsNamedByItsStep() throws {
        var features = SmallModel.features
        features[9 * 6] = .nan
        let input = ArrayInput(
            NDArray(Array(features.prefix(60)), shape: [10, 6]), labels: NDArray(Array(SmallModel.classes.prefix(10))),
            repeats: 1)
        #expect(throws: TrainingError.notFinite(step: 3, variable: "dense/kernel")) {
            try Self.model(batch: 4, optimizer: KerasSGD(learningRate: 0.1)).estimator(TemporaryFolder())
                .train(input: input)
        }
    }
}
