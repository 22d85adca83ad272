import Estimator
import Formats
import Graph
import OrderedCollections
import Synchronization
import Testing

/// The ways in which input functions are called on the TPU, and what each core gets.
@Suite struct InputPipelineModesTests {
    // MARK: Context and constructor

    /// Global batches of 64 rows on 16 cores of two hosts: rows that input and model function are told of.
    @Test(
        arguments: [
            (.perShardV1, .train, 4, 4), (.perShardV1, .evaluate, 32, 4), (.perHostV1, .train, 32, 4),
            (.perHostV1, .evaluate, 32, 4), (.perHostV2, .train, 4, 4), (.perHostV2, .evaluate, 4, 4),
            (.broadcast, .train, 64, 64), (.broadcast, .evaluate, 64, 64),
        ] as [(InputPipelineConfig, ModeKeys, Int, Int)])
    func batchSizes(pipeline: InputPipelineConfig, mode: ModeKeys, input: Int, model: Int) throws {
        func context(useTPU: Bool) throws -> TPUContext {
            TPUContext(
                config: RunConfig(tpuConfig: try TPUConfig(numShards: 16, inputPipeline: pipeline)), trainBatchSize: 64,
                evalBatchSize: 64, useTPU: useTPU
            ).withMode(mode)
        }
        let onTPU = try context(useTPU: true)
        #expect(try onTPU.batchSizeForInputFunction == input && onTPU.batchSizeForModelFunction == model)
        #expect(try onTPU.isInputShardedPerCore == (pipeline == .perShardV1 && mode == .train))
        // On the CPU there is one input and one batch.
        let onCPU = try context(useTPU: false)
        #expect(try onCPU.batchSizeForInputFunction == 64 && onCPU.batchSizeForModelFunction == 64)
    }

    @Test func defaults() throws {
        #expect(TPUConfig.standard.inputPipeline == .perHostV1)
        #expect(try TPUConfig(perHostInputForTraining: false) == TPUConfig(inputPipeline: .perShardV1))
        #expect(try TPUConfig(perHostInputForTraining: true) == TPUConfig(inputPipeline: .perHostV1))
    }

    /// Who gets the whole batch divides none.
    @Test func whatIsRefused() throws {
        func refused(_ pipeline: InputPipelineConfig, shards: Int, train: Int, eval: Int?) throws -> EstimatorError? {
            do throws(EstimatorError) {
                _ = try TPUEstimator(
                    modelFunction: SmallModel().modelFunction,
                    config: RunConfig(tpuConfig: TPUConfig(numShards: shards, inputPipeline: pipeline)),
                    trainBatchSize: train, evalBatchSize: eval)
                return nil
            } catch { return error }
        }
        #expect(try refused(.broadcast, shards: 8, train: 10, eval: 3) == nil)
        #expect(try refused(.broadcast, shards: 16, train: 10, eval: 3) == nil)
        for pipeline in InputPipelineConfig.allCases where pipeline != .broadcast {
            #expect(
                try refused(pipeline, shards: 8, train: 10, eval: nil)
                    == .trainBatchSizeNotDivisible(batchSize: 10, numShards: 8))
            #expect(
                try refused(pipeline, shards: 8, train: 8, eval: 3)
                    == .evalBatchSizeNotDivisible(batchSize: 3, numShards: 8))
            #expect(try refused(pipeline, shards: 16, train: 16, eval: 16) == .multiHostEvaluation)
        }
    }

    // MARK: What cores get

    /// Counts up; a batch is so many of its numbers.
    private final class Counter: InputIterator {
        private let next: Mutex<Int>
        private let rows: Int
        private let end: Int

        init(from start: Int, rows: Int, end: Int = .max) {
            next = Mutex(start)
            self.rows = rows
            self.end = end
        }

        func next(into elements: [UnsafeMutableRawBufferPointer]) -> Int? {
            next.withLock { next in
                guard next + rows <= end else { return nil }
                for row in 0..<rows {
                    elements[0].storeBytes(of: Int32(next + row), toByteOffset: 4 * row, as: Int32.self)
                }
                next += rows
                return rows
            }
        }
    }

    private final class Seen: Sendable {
        private let kept = Mutex<(steps: [[Int64]], calls: [[Int]])>(([], []))
        var steps: [[Int64]] { kept.withLock { $0.steps } }
        var calls: [[Int]] { kept.withLock { $0.calls } }
        func step(_ numbers: [Int64]) { kept.withLock { $0.steps.append(numbers) } }
        func call(_ arguments: InputArguments) {
            kept.withLock {
                $0.calls.append([arguments.currentHost, arguments.numHosts, arguments.params.batchSize ?? 0])
            }
        }
        var function: HostFunction {
            HostFunction(["numbers"]) { self.step(try #require($0["numbers"]).integers) }
        }
    }

    /// Host h's numbers count up from 1000·h. What each step's cores got is sent to the host.
    private static func train(
        _ pipeline: InputPipelineConfig, shards: Int = 16, batch: Int = 32, steps: [Int], seen: Seen,
        under: ExecutorUnderTest = .reference, folder: TemporaryFolder, end: Int = .max
    ) throws {
        let function = seen.function
        for step in steps {
            let estimator = try TPUEstimator(
                modelFunction: { features, _, mode, params, builder in
                    let x = try #require(features.only)
                    #expect(params.batchSize == x.shape[0])
                    let w = builder.variable("w", initializer: .ones)
                    let loss = (x.cast(to: .float32) * w.value).reduceMean()
                    let optimizer = CrossShardOptimizer(GradientDescentOptimizer(learningRate: 0.001))
                    return TPUEstimatorSpec(
                        mode: mode, loss: loss, trainOp: try optimizer.minimize(loss),
                        hostCall: HostCall(function, ["numbers": x]))
                },
                config: RunConfig(
                    tpuConfig: try TPUConfig(numShards: shards, inputPipeline: pipeline), modelDirectory: folder.path),
                trainBatchSize: batch, execution: under.execution())
            let input = DeclaredInputFunction { arguments in
                seen.call(arguments)
                let rows = try #require(arguments.params.batchSize)
                let batches = InputBatches(
                    Counter(from: 1000 * arguments.currentHost, rows: rows, end: end),
                    types: [TensorType(.int32, [rows])])
                return InputResult(features: .single(batches.tensors[0]))
            }
            try estimator.train(input: input, maxSteps: step, dataStart: .checkpoint)
        }
    }

    /// Each core of a host gets the host's next batch.
    @Test(arguments: ExecutorUnderTest.all) func perHostV2(under: ExecutorUnderTest) throws {
        let seen = Seen()
        try Self.train(.perHostV2, steps: [3], seen: seen, under: under, folder: TemporaryFolder())
        #expect(seen.calls == [[0, 2, 2], [1, 2, 2]])
        let expected = (0..<3).map { step in
            [0, 1000].flatMap { host in (0..<16).map { Int64(host + step * 16 + $0) } }
        }
        #expect(seen.steps == expected)
    }

    /// A training that goes on leaves out what all cores of a host have had.
    @Test func perHostV2GoingOn() throws {
        let (whole, cut) = (Seen(), Seen())
        try Self.train(.perHostV2, steps: [5], seen: whole, folder: TemporaryFolder())
        try Self.train(.perHostV2, steps: [2, 5], seen: cut, folder: TemporaryFolder())
        #expect(cut.steps == whole.steps && cut.steps.count == 5)
    }

    /// An input that ends between two cores of a host has no whole step left.
    @Test func perHostV2Ends() throws {
        #expect(
            throws: TrainingError.inputExhausted(InputExhaustion(rows: 16, batchSize: 16, stepsDone: 1, stepsAsked: 4))
        ) {
            try Self.train(
                .perHostV2, shards: 8, batch: 16, steps: [4], seen: Seen(), folder: TemporaryFolder(), end: 22)
        }
    }

    /// Batches of two sizes, of which one is the host's.
    @Test func perHostV2RowsThatDoNotFit() throws {
        for (rows, others) in [(2, 16), (16, 2), (3, 3)] {
            let estimator = try TPUEstimator(
                modelFunction: SmallModel().modelFunction,
                config: RunConfig(
                    tpuConfig: TPUConfig(numShards: 8, inputPipeline: .perHostV2),
                    modelDirectory: try TemporaryFolder().path),
                params: ModelParameters(["classes": .int(3)]), trainBatchSize: 16)
            let input = DeclaredInputFunction { _ in
                let types = [TensorType(.float32, [rows, 6]), TensorType(.int32, [others])]
                let batches = InputBatches(Counter(from: 0, rows: 1), types: types)
                return InputResult(features: .single(batches.tensors[0]), labels: .single(batches.tensors[1]))
            }
            let error = #expect(throws: TrainingError.self) { try estimator.train(input: input, steps: 1) }
            #expect(error?.description.contains("rows along axis 0, expected \(rows == 16 ? 16 : 2)") == true)
        }
    }

    /// An input function that gives rows of global batches gives the same, however it is called.
    @Test func rowsOfGlobalBatches() throws {
        var bytes: [[[UInt8]]] = []
        for pipeline in [.perHostV1, .perShardV1, .perHostV2] as [InputPipelineConfig] {
            let folder = try TemporaryFolder()
            let model = SmallModel(shards: 16, trainBatchSize: 32, evalBatchSize: nil, inputPipeline: pipeline)
            try model.estimator(folder).train(input: try SmallModel.shuffled(), maxSteps: 9)
            bytes.append(try folder.arrays(at: 9))
        }
        #expect(bytes[1] == bytes[0] && bytes[2] == bytes[0])
    }

    /// One call, for host 0; all cores of all hosts have the whole batch, and the first one's is what a host call gets.
    @Test(arguments: ExecutorUnderTest.all, [8, 16]) func broadcast(under: ExecutorUnderTest, shards: Int) throws {
        let seen = Seen()
        try Self.train(
            .broadcast, shards: shards, batch: 10, steps: [2, 3], seen: seen, under: under, folder: TemporaryFolder())
        #expect(seen.calls == [[0, 1, 10], [0, 1, 10]])
        #expect(seen.steps == (0..<3).map { step in (0..<10).map { Int64(step * 10 + $0) } })
    }

    /// What all cores compute alike is what one computes.
    @Test(arguments: ExecutorUnderTest.all) func broadcastIsOneCoresTraining(under: ExecutorUnderTest) throws {
        func run(_ pipeline: InputPipelineConfig, useTPU: Bool) throws -> ([Float], EvaluationResult) {
            let folder = try TemporaryFolder()
            let model = SmallModel(
                trainBatchSize: 10, evalBatchSize: 25, useTPU: useTPU, inputPipeline: pipeline, under: under)
            try model.estimator(folder).train(input: SmallModel.array(), maxSteps: 6)
            let checkpoint = try #require(try CheckpointStore(modelDirectory: folder.path).latestGood())
            let kernel = try #require(checkpoint.variables.first { $0.name == "dense/kernel" })
            let result = try model.estimator(folder).evaluate(input: SmallModel.array(repeats: 1), steps: 2)
            return (try kernel.array.elements(as: Float.self), result)
        }
        let (all, evaluated) = try run(.broadcast, useTPU: true)
        let (one, expected) = try run(.perHostV1, useTPU: false)
        for (value, other) in zip(all, one) { #expect(abs(value - other) < 1e-5) }
        #expect(evaluated.rows == 50 && evaluated.metrics == expected.metrics)
        #expect(abs(evaluated.loss - expected.loss) < 1e-5 && abs(evaluated.rowMeanLoss - expected.rowMeanLoss) < 1e-5)
    }

    /// What is built: one queue for all cores, whose tuples are whole.
    @Test func order() throws {
        for (pipeline, scope) in [(.perHostV2, "input_pipeline_task0"), (.broadcast, "")]
            as [(InputPipelineConfig, String)]
        {
            let log = TraceLog()
            let context = TPUContext(
                config: RunConfig(tpuConfig: try TPUConfig(numShards: 2, inputPipeline: pipeline)), trainBatchSize: 8,
                evalBatchSize: nil
            ).withMode(.train)
            let call = try InputCall(
                SmallModel.array(), context: context, params: ModelParameters(), tracer: log.tracer)
            _ = try InfeedPipeline(call, tracer: log.tracer).build()
            let built = log.records.compactMap { record -> BuildEvent? in
                if case .build(let event) = record.event { event } else { nil }
            }
            let device = "/replica:0/task:0/device:CPU:0"
            #expect(
                built == [
                    .inputFunction(device: device, scope: scope, batchSize: pipeline == .broadcast ? 8 : 4),
                    .infeedQueue(queue: 0, elements: 2, split: nil), .configureFromShards(queue: 0, shards: 2),
                    .enqueuePerCore(
                        queue: 0, inputs: [["features", "labels"], ["features", "labels"]], ordinals: [0, 1],
                        device: device, scope: scope),
                ])
        }
    }
}
