import Estimator
import Formats
import Graph
import OrderedCollections
import Synchronization
import Testing

/// Prediction and evaluation on the CPU, batch by batch.
@Suite struct HostRunTests {
    /// Twice the features, and their sum.
    private func estimator(
        _ folder: TemporaryFolder, under: ExecutorUnderTest = .reference, calls: CallCount = CallCount()
    ) throws -> TPUEstimator {
        try TPUEstimator(
            modelFunction: { features, _, mode, params, builder in
                calls.add()
                let x = try #require(features.only)
                let scale = builder.variable("scale", initializer: .zeros)
                #expect(params.batchSize == nil, "prediction hands no batch size over")
                return TPUEstimatorSpec(
                    mode: mode, predictions: ["twice": x * scale.value, "sum": x.reduceSum(axes: [1])])
            },
            config: RunConfig(modelDirectory: folder.path), params: ModelParameters(), useTPU: false,
            trainBatchSize: nil, evalBatchSize: nil, execution: under.execution(), observer: nil,
            startingPoint: StartingPoint(variables: ["scale": NDArray([Float(2)], shape: [])]))
    }

    /// How often something was called.
    private final class CallCount: Sendable {
        private let count = Mutex(0)
        var value: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    /// Rows in order, in batches of four.
    private struct Fours: InputFunction {
        let base: ArrayInput
        var features: TypeStructure { base.features }
        var labels: TypeStructure? { nil }
        var ownBatchSize: Int { 4 }

        init(rows: Int) {
            base = ArrayInput(NDArray((0..<(rows * 2)).map { Float($0) }, shape: [rows, 2]), repeats: 1)
        }

        func makeIterator(_ request: InputRequest) throws -> any InputIterator {
            #expect(request.rows == 0..<4 && request.firstBatch == 0 && !request.dropRemainder)
            return try base.makeIterator(request)
        }
    }

    /// A short last batch has a program of its own size; there are no others.
    @Test(
        arguments: ExecutorUnderTest.all,
        [(10, [4, 4, 2], 2), (8, [4, 4], 1), (3, [3], 1), (17, [4, 4, 4, 4, 1], 2)])
    func batches(under: ExecutorUnderTest, numbers: (rows: Int, batches: [Int], programs: Int)) throws {
        let calls = CallCount()
        var (batches, twice, sums): ([Int], [Float], [Float]) = ([], [], [])
        try estimator(TemporaryFolder(), under: under, calls: calls).predict(input: Fours(rows: numbers.rows)) {
            #expect(Array($0.keys) == ["twice", "sum"])
            let (first, second) = (try #require($0["twice"]), try #require($0["sum"]))
            #expect(first.shape == [first.rows, 2] && second.shape == [first.rows])
            batches.append(first.rows)
            twice += first.floats
            sums += second.floats
        }
        #expect(batches == numbers.batches && calls.value == numbers.programs)
        #expect(twice == (0..<(numbers.rows * 2)).map { Float(2 * $0) })
        #expect(sums == (0..<numbers.rows).map { Float(4 * $0 + 1) })
    }

    private func predict(_ input: any InputFunction, under: ExecutorUnderTest = .reference) throws {
        try estimator(TemporaryFolder(), under: under).predict(input: input) { _ in }
    }

    private func given(_ size: Int, _ rows: @escaping @Sendable (Int) throws -> Int?) -> GivenInput {
        GivenInput(
            features: .single(TensorType(.float32, [2])), labels: nil, ownBatchSize: size
        ) { _, batch in try rows(batch) }
    }

    /// No rows are no batch, and no error.
    @Test(arguments: [nil, 0]) func anEmptyInput(end: Int?) throws {
        try estimator(TemporaryFolder()).predict(input: given(4) { _ in end }) { _ in Issue.record("a batch") }
    }

    @Test(arguments: [0, -1, Int.min]) func batchSizes(size: Int) {
        #expect(throws: EstimatorError.notPositive(name: "batch_size", value: size)) {
            try predict(given(size) { _ in nil })
        }
    }

    /// Such a run would fail the next time, too: it is the batch's fault, not the machine's.
    @Test(arguments: [1 << 50, Int.max]) func aBatchThatNoMachineHolds(size: Int) {
        let error = #expect(throws: TrainingError.self) { try predict(given(size) { _ in nil }) }
        guard case .modelFailed(let detail)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(detail.hasPrefix("a batch needs ") && detail.contains("MiB, and the machine has "))
    }

    /// Numbers that an iterator can't have filled.
    @Test(arguments: [5, Int.max, -1, Int.min]) func rowsThatCannotBe(rows: Int) {
        #expect(
            throws: TrainingError.inputFailed(
                detail: "an iterator says that it filled \(rows) rows of 4: give a number from 0 to 4")
        ) { try predict(given(4) { batch in batch == 0 ? 4 : rows }) }
    }

    @Test func errors() throws {
        #expect(throws: TrainingError.inputFailed(detail: "line 3")) {
            try predict(given(4) { _ in throw TestFailure("line 3") })
        }
        #expect(throws: TrainingError.executionFailed(detail: "kernelFailed: the library gave 3")) {
            try predict(given(4) { _ in 4 }, under: .failing(.run))
        }
        var batches = 0
        #expect(throws: InjectedFailure.self) {
            try estimator(TemporaryFolder()).predict(input: Fours(rows: 12)) { _ in
                batches += 1
                if batches == 2 { throw InjectedFailure() }
            }
        }
        #expect(batches == 2, "what the caller throws ends it")
    }

    @Test func stopped() throws {
        let estimator = try estimator(TemporaryFolder())
        var batches = 0
        #expect(throws: TrainingError.stopped) {
            try estimator.predict(input: given(4) { _ in 4 }) { _ in
                batches += 1
                if batches == 3 { estimator.requestStop(checkpoint: true) }
            }
        }
        #expect(batches == 3)
    }

    /// A limit is a limit of reading, too.
    @Test func noBatchIsReadBeyondTheLimit() throws {
        let calls = CallCount()
        var model = SmallModel(evalBatchSize: 8, useTPU: false)
        model.startingPoint = StartingPoint(
            variables: [
                "dense/kernel": NDArray(zeros: .float32, shape: [6, 3]), "dense/bias": NDArray([Float(0), 0, 0]),
            ])
        let input = CountingInput(base: SmallModel.array()) { _ in calls.add() }
        #expect(try model.estimator(TemporaryFolder()).evaluate(input: input, steps: 3).steps == 3)
        #expect(calls.value == 3)
    }
}
