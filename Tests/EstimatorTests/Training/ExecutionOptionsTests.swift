import Estimator
import Executor
import Graph
import Synchronization
import Testing

/// How programs are given to executors.
@Suite struct ExecutionOptionsTests {
    @Test func defaults() {
        let options = ExecutionOptions()
        #expect(options.threads == 1 && options.lanes == nil && options.inputStepsAhead == 4 && options.hosts == nil)
    }

    /// The executor that is used unless another is named, and the one that is the definition.
    @Test func kinds() throws {
        let builder = GraphBuilder()
        let program = try builder.finish(loss: builder.constant(1))
        #expect(try ExecutionOptions().makeExecutor(program, ExecutorOptions()) is LaneExecutor)
        #expect(try ExecutionOptions.reference.makeExecutor(program, ExecutorOptions()) is ReferenceExecutor)
    }

    private func train(_ execution: ExecutionOptions, ahead: Int? = nil) throws {
        let folder = try TemporaryFolder()
        var input = GivenInput { request, _ in request.rows.count }
        input.stepsAhead = ahead
        try TPUEstimator(
            modelFunction: SmallModel().modelFunction,
            config: RunConfig(tpuConfig: try TPUConfig(numShards: 16), modelDirectory: folder.path, randomSeed: 77),
            params: ModelParameters(["classes": .int(3)]), trainBatchSize: 16, execution: execution
        ).train(input: input, steps: 1)
    }

    /// What an executor is told: an input's own steps ahead count for its queue alone, hosts are the context's unless
    /// they are given.
    @Test(arguments: [(nil, nil, 2), (9, nil, 2), (nil, 4, 4), (1, 16, 16)] as [(Int?, Int?, Int)])
    func whatAnExecutorIsTold(ahead: Int?, hosts: Int?, expectedHosts: Int) throws {
        let told = Mutex<[ExecutorOptions]>([])
        var execution = ExecutionOptions(threads: 3, lanes: 2, inputStepsAhead: 6)
        execution.hosts = hosts
        execution.memoryBytes = 1 << 40
        execution.makeExecutor = { program, options in
            told.withLock { $0.append(options) }
            return try ReferenceExecutor(program: program, options: options)
        }
        try train(execution, ahead: ahead)
        var expected = ExecutorOptions(
            replicas: 16, hosts: expectedHosts, threads: 3, lanes: 2, infeedCapacity: ahead ?? 6,
            outfeedCapacity: 6, seed: 77)
        expected.memoryBytes = 1 << 40
        #expect(told.withLock { $0 } == [expected])
    }

    /// The plan's own figure is told, once for each executor and before there is one.
    @Test func plansAreTold() throws {
        let builder = GraphBuilder()
        let kernel = builder.variable("kernel", shape: [300, 300])
        let loss = builder.infeed(TensorType(.float32, [64, 300])).matmul(kernel.value).reduceMean()
        let program = try builder.finish(loss: loss)
        let told = Mutex<[Int]>([])
        let execution = ExecutionOptions(threads: 2).telling { bytes in told.withLock { $0.append(bytes) } }
        let options = execution.executorOptions(shards: 8, hosts: 2, seed: 0, stepsAhead: nil)
        let executor = try #require(try execution.makeExecutor(program, options) as? LaneExecutor)
        #expect(told.withLock { $0 } == [executor.bytes])
        #expect(try execution.memory(of: program, shards: 8).bytes == executor.bytes)
        var wrong = options
        wrong.threads = 0
        #expect(throws: ExecutorError.self) { try execution.makeExecutor(program, wrong) }
        #expect(told.withLock { $0.count } == 1)
    }

    /// A training has one plan.
    @Test func eachRunTellsOfItsPlan() throws {
        let told = Mutex<[Int]>([])
        try train(ExecutionOptions().telling { bytes in told.withLock { $0.append(bytes) } })
        #expect(told.withLock { $0.count } == 1 && told.withLock { $0[0] } > 0)
    }

    /// What would be too large the next time, too, is the model's fault; the rest is the executor's.
    @Test func faults() {
        func error(_ fault: any Error) -> TrainingError? {
            var execution = ExecutionOptions()
            execution.makeExecutor = { _, _ in throw fault }
            do { try train(execution) } catch { return error as? TrainingError }
            return nil
        }
        #expect(error(ExecutorError(.tooLarge, "it needs 9 MiB")) == .modelFailed(detail: "it needs 9 MiB"))
        for code in ExecutorError.Code.allCases where code != .tooLarge {
            #expect(error(ExecutorError(code, "so")) == .executionFailed(detail: "\(code.rawValue): so"))
        }
        #expect(error(TestFailure("no library")) == .executionFailed(detail: "no library"))
    }

    /// Numbers with which nothing can be run are told, by either executor.
    @Test(arguments: [(0, nil, 4), (1, 0, 4), (1, nil, 0), (-1, nil, 4), (Int.min, nil, .min)] as [(Int, Int?, Int)])
    func numbersOfNoUse(threads: Int, lanes: Int?, ahead: Int) throws {
        var execution = ExecutionOptions(threads: threads, lanes: lanes, inputStepsAhead: ahead)
        let expected = TrainingError.executionFailed(
            detail: "invalidOptions: threads, lanes, chains and capacities are at least 1")
        #expect(throws: expected) { try train(execution) }
        execution.makeExecutor = ExecutionOptions.reference.makeExecutor
        #expect(throws: expected) { try train(execution) }
    }

    @Test func hostsThatCoresDoNotSpreadOver() {
        var execution = ExecutionOptions()
        for hosts in [3, 0, -1, 32] {
            execution.hosts = hosts
            #expect(
                throws: TrainingError.executionFailed(
                    detail: "invalidOptions: 16 cores cannot be spread evenly over \(hosts) hosts")
            ) { try train(execution) }
        }
    }
}
