import Estimator
import Formats
import Graph
import OrderedCollections
import Synchronization
import Testing

/// Input functions that return features and labels, in real trainings and evaluations.
@Suite struct InfeedPipelineTests {
    /// The n-th batch's number for a row and a column, the same however rows are shared.
    private static func feature(batch: Int, row: Int, column: Int) -> Float {
        Float((batch * 53 + row * 17 + column * 29) % 23) / 23 - 0.5
    }

    /// How an input function lays out its tensors.
    private enum Layout: Sendable, CaseIterable {
        /// `[rows, 6]` and `[rows]` of one iterator, in the order of the tuple.
        case plain
        /// The labels come first out of the iterator, and something that nobody asked for.
        case permuted
        /// Features and labels come out of an iterator each.
        case separate
        /// `[6, rows]`: the batch is the second axis.
        case transposed
    }

    // @unchecked: an iterator is used by one thread at a time.
    private final class Batches: InputIterator, @unchecked Sendable {
        private let fill: @Sendable (Int, [UnsafeMutableRawBufferPointer]) -> Void
        private let rows: Int
        private let count: Int
        private var batch = 0

        init(
            rows: Int, count: Int, fill: @escaping @Sendable (Int, [UnsafeMutableRawBufferPointer]) -> Void
        ) {
            self.rows = rows
            self.count = count
            self.fill = fill
        }

        func next(into elements: [UnsafeMutableRawBufferPointer]) -> Int? {
            guard batch < count else { return nil }
            fill(batch, elements)
            batch += 1
            return rows
        }
    }

    /// The input, whose calls take the rows of a global batch in turns.
    private static func input(
        _ layout: Layout, count: Int = 100
    ) -> DeclaredInputFunction {
        let next = Counter()
        return DeclaredInputFunction(ownBatchSize: 16) { arguments in
            let rows = arguments.params.batchSize ?? 16
            let first = next.take() * rows % 16
            @Sendable func features(_ batch: Int, _ buffer: UnsafeMutableRawBufferPointer) {
                let numbers = buffer.bindMemory(to: Float.self)
                for row in 0..<rows {
                    for column in 0..<6 {
                        let place = layout == .transposed ? column * rows + row : row * 6 + column
                        numbers[place] = feature(batch: batch, row: first + row, column: column)
                    }
                }
            }
            @Sendable func labels(_ batch: Int, _ buffer: UnsafeMutableRawBufferPointer) {
                let numbers = buffer.bindMemory(to: Float.self)
                for row in 0..<rows { numbers[row] = feature(batch: batch, row: first + row, column: 2) }
            }
            let wide = TensorType(.float32, layout == .transposed ? [6, rows] : [rows, 6])
            let narrow = TensorType(.float32, [rows])
            switch layout {
            case .plain, .transposed:
                let both = InputBatches(
                    Batches(rows: rows, count: count) { batch, elements in
                        features(batch, elements[0])
                        labels(batch, elements[1])
                    }, types: [wide, narrow]
                ).tensors
                return InputResult(features: .single(both[0]), labels: .single(both[1]))
            case .permuted:
                let three = InputBatches(
                    Batches(rows: rows, count: count) { batch, elements in
                        labels(batch, elements[0])
                        features(batch, elements[2])
                    }, types: [narrow, TensorType(.int64, [rows]), wide]
                ).tensors
                return InputResult(features: .single(three[2]), labels: .single(three[0]))
            case .separate:
                let first = InputBatches(
                    Batches(rows: rows, count: count) { features($0, $1[0]) }, types: [wide])
                let second = InputBatches(
                    Batches(rows: rows, count: count) { labels($0, $1[0]) }, types: [narrow])
                return InputResult(
                    features: .single(first.tensors[0]), labels: .single(second.tensors[0]))
            }
        }
    }

    private final class Counter: Sendable {
        private let count = Mutex(0)
        func take() -> Int {
            count.withLock { count in
                defer { count += 1 }
                return count
            }
        }
    }

    /// Linear regression; the batch is the first or the second axis of the features.
    private static func model(isTransposed: Bool) -> ModelFunction {
        { features, labels, mode, _, builder in
            let x = try #require(features.only)
            let kernel = builder.variable("kernel", shape: isTransposed ? [6, 1] : [1, 6], initializer: .ones)
            let outputs = (x * kernel.value).reduceSum(axes: [isTransposed ? 0 : 1])
            let difference = outputs - (try #require(labels?.only))
            let loss = (difference * difference).reduceMean()
            return TPUEstimatorSpec(
                mode: mode, loss: loss,
                trainOp: mode == .train
                    ? try CrossShardOptimizer(GradientDescentOptimizer(learningRate: 0.05)).minimize(loss) : nil,
                evalMetrics: EvalMetrics(tensors: [:], metrics: []))
        }
    }

    private func estimator(
        _ folder: TemporaryFolder, _ layout: Layout, under: ExecutorUnderTest = .reference, perHost: Bool = true,
        wraps: Bool = false, useTPU: Bool = true, hosts: Int? = nil
    ) throws -> TPUEstimator {
        var execution = under.execution(hosts: hosts, threads: 1)
        execution.wrapsInputIntoWhileLoop = wraps
        return try TPUEstimator(
            modelFunction: Self.model(isTransposed: layout == .transposed),
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: 3, numShards: 4, perHostInputForTraining: perHost),
                modelDirectory: folder.path), useTPU: useTPU, trainBatchSize: 16, evalBatchSize: 16,
            batchAxis: layout == .transposed ? [1, 0] : nil, execution: execution)
    }

    private func train(
        _ layout: Layout, under: ExecutorUnderTest = .reference, perHost: Bool = true, wraps: Bool = false,
        hosts: Int? = nil
    ) throws -> [Float] {
        let folder = try TemporaryFolder()
        try estimator(folder, layout, under: under, perHost: perHost, wraps: wraps, hosts: hosts).train(
            input: Self.input(layout), steps: 7)
        return try kernel(folder)
    }

    private func kernel(_ folder: TemporaryFolder) throws -> [Float] {
        let checkpoint = try #require(try CheckpointStore(modelDirectory: folder.path).latestGood())
        return try #require(checkpoint.variables.first { $0.name == "kernel" }).array.elements(as: Float.self)
    }

    /// However the tensors come, the cores see the same rows.
    @Test(arguments: ExecutorUnderTest.all) func layouts(under: ExecutorUnderTest) throws {
        let plain = try train(.plain, under: under)
        #expect(plain != [Float](repeating: 1, count: 6))
        #expect(try train(.permuted, under: under) == plain)
        #expect(try train(.separate, under: under) == plain)
    }

    /// The batch may be any axis; the order of sums is another then.
    @Test func anotherAxis() throws {
        let plain = try train(.plain)
        for (mine, other) in zip(try train(.transposed), plain) { #expect(abs(mine - other) < 1e-5) }
    }

    /// Input a host or a core at a time, repeated by the worker or on the host, changes no bit.
    @Test func deployments() throws {
        let plain = try train(.plain)
        #expect(try train(.plain, perHost: false) == plain)
        #expect(try train(.plain, wraps: true) == plain)
        #expect(try train(.plain, hosts: 2) == plain)
        #expect(try train(.plain, perHost: false, wraps: true, hosts: 2) == plain)
    }

    /// A training that goes on leaves out what was consumed before.
    @Test(arguments: [true, false]) func goingOn(useTPU: Bool) throws {
        let whole = try TemporaryFolder()
        try estimator(whole, .plain, useTPU: useTPU).train(input: Self.input(.plain), maxSteps: 6)
        let parts = try TemporaryFolder()
        try estimator(parts, .plain, useTPU: useTPU).train(input: Self.input(.plain), maxSteps: 3)
        try estimator(parts, .plain, useTPU: useTPU).train(
            input: Self.input(.plain), maxSteps: 6, dataStart: .checkpoint)
        #expect(try kernel(parts) == (try kernel(whole)))
    }

    @Test(arguments: [true, false]) func evaluation(useTPU: Bool) throws {
        let folder = try TemporaryFolder()
        try estimator(folder, .plain).train(input: Self.input(.plain), steps: 3)
        let result = try estimator(folder, .permuted, useTPU: useTPU).evaluate(
            input: Self.input(.permuted, count: 4), steps: 4)
        #expect(result.steps == 4 && result.rows == 64 && result.rowMeanLoss > 0)
    }

    /// Tensors of other rows than were asked for, or without the batch's axis.
    @Test func rowsThatDontFit() throws {
        let folder = try TemporaryFolder()
        let few = DeclaredInputFunction { _ in
            let batches = InputBatches(
                Batches(rows: 3, count: 1) { _, _ in },
                types: [TensorType(.float32, [3, 6]), TensorType(.float32, [3])]
            ).tensors
            return InputResult(features: .single(batches[0]), labels: .single(batches[1]))
        }
        let error = #expect(throws: TrainingError.self) {
            try estimator(folder, .plain).train(input: few, steps: 1)
        }
        #expect(error?.description.contains("has 3 rows along axis 0, expected 16") == true)
        let scalar = DeclaredInputFunction { _ in
            let batches = InputBatches(Batches(rows: 1, count: 1) { _, _ in }, types: [.scalar(.float32)]).tensors
            return InputResult(features: .single(batches[0]))
        }
        let other = #expect(throws: TrainingError.self) {
            try estimator(folder, .plain).train(input: scalar, steps: 1)
        }
        #expect(other?.description.contains("has no axis 0 for its batch") == true)
    }

    /// What an input fills by threads of its own is warned of, and an error where the repetition is on the host.
    @Test func complaints() throws {
        let input = Self.input(.plain)
        let complained = DeclaredInputFunction { try input($0).having(summaries: 1) }
        let record = Record()
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: Self.model(isTransposed: false),
            config: RunConfig(tpuConfig: try TPUConfig(numShards: 4), modelDirectory: folder.path), trainBatchSize: 16,
            execution: .reference, observer: record)
        try estimator.train(input: complained, steps: 1)
        let warnings = record.seen.log.filter { $0.level == .warning }.map(\.text)
        #expect(warnings == [EstimatorError.inputSummariesNotSupported.description])
        #expect(throws: EstimatorError.inputSummariesNotSupported) {
            try self.estimator(TemporaryFolder(), .plain, wraps: true).train(input: complained, steps: 1)
        }
    }
}
