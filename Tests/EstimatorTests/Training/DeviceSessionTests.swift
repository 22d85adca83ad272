import Estimator
import Executor
import Graph
import OrderedCollections
import Testing

/// What operations do in the session of a training, as hooks meet it.
@Suite struct DeviceSessionTests {
    /// Acts when the session is there and behind each run, which it has fetch what it is told to.
    private final class Acting: SessionHook {
        var fetches: [SessionOperation] = []
        var created: (any Session) throws -> Void = { _ in }
        var after: (any Session) throws -> Void = { _ in }
        var values: [[SessionValue]] = []

        func sessionCreated(_ session: any Session) throws { try created(session) }
        func beforeRun(_ context: SessionRunContext) -> [SessionOperation] { fetches }
        func afterRun(_ context: SessionRunContext, values: [SessionValue]) throws {
            self.values.append(values)
            try after(context.session)
        }
    }

    private func train(_ hook: Acting, steps: Int = 4, log: TraceLog = TraceLog()) throws {
        let model = SmallModel(iterations: 2)
        let folder = try TemporaryFolder()
        var execution = ExecutionOptions.reference
        execution.tracer = log.tracer
        try TPUEstimator(
            modelFunction: model.modelFunction,
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: 2, numShards: 8), modelDirectory: folder.path),
            params: ModelParameters(["classes": .int(3)]), trainBatchSize: 16, execution: execution
        ).train(input: SmallModel.array(), steps: steps, hooks: [hook])
    }

    /// The source's number before the first step, and no step.
    @Test func beforeTheFirstLoop() throws {
        let hook = Acting()
        hook.created = { session throws in
            #expect(try session.run([.loss, .globalStep, .loss]) == [.real(1e7), .integer(0), .real(1e7)])
            #expect(try session.run([]) == [])
        }
        try train(hook)
    }

    /// What is fetched beside the device loop is what is there after it.
    @Test func besideTheLoop() throws {
        let hook = Acting()
        hook.fetches = [.globalStep, .loss]
        try train(hook, steps: 5)
        #expect(hook.values.map(\.first) == [.integer(2), .integer(4), .integer(5)])
        for value in hook.values.map(\.last) {
            guard case .real(let loss)? = value else {
                Issue.record("\(hook.values)")
                continue
            }
            #expect(loss < 10)
        }
    }

    @Test func theSystemIsAlwaysThere() throws {
        let hook = Acting()
        hook.created = { session throws in
            #expect(
                try session.run([.initializeSystem(job: nil), .shutdownSystem(job: "w")], timeoutMilliseconds: 1) == [
                    .none, .none,
                ])
        }
        try train(hook)
    }

    /// One host has number 0; a training hands nothing out.
    @Test(arguments: [
        "nonsense", "", "input_pipeline_task", "input_pipeline_task1", "input_pipeline_task-1", "input_pipeline_taskx",
        "input_pipeline_task99999999999999999999", "outfeed_dequeue",
    ]) func unknownOperations(name: String) throws {
        let hook = Acting()
        hook.fetches = [SessionOperation(name)]
        #expect(throws: EstimatorError.operationUnknown(name)) { try train(hook) }
    }

    /// Closing again is nothing; whatever is run after it fails.
    @Test func closing() throws {
        let (hook, log) = (Acting(), TraceLog())
        hook.after = { session throws in
            try session.close()
            try session.close()
            #expect(throws: EstimatorError.sessionClosed) { try session.run([.loss]) }
        }
        #expect(throws: EstimatorError.sessionClosed) { try train(hook, log: log) }
        #expect(log.closes == 1)
    }

    @Test func theExecutorFails() throws {
        let model = SmallModel(under: .failing(.run))
        #expect(throws: TrainingError.executionFailed(detail: "kernelFailed: the library gave 3")) {
            try model.estimator(TemporaryFolder()).train(input: SmallModel.array(), steps: 3)
        }
    }

    /// A loss that is not finite while the variables are: no variable is named.
    @Test(arguments: ExecutorUnderTest.all) func theLossAlone(under: ExecutorUnderTest) throws {
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: { _, _, mode, _, builder in
                let w = builder.variable("w", initializer: .ones)
                // 1/0 in the third step, whose number is 2.
                let pole = 1 / (GlobalStep.value(in: builder).cast(to: .float32) - 2)
                let loss = w.value + pole
                return TPUEstimatorSpec(
                    mode: mode, loss: loss, trainOp: try GradientDescentOptimizer(learningRate: 1).minimize(loss))
            },
            config: RunConfig(
                tpuConfig: try TPUConfig(iterationsPerLoop: 2, numShards: 1), modelDirectory: folder.path),
            useTPU: false, trainBatchSize: 4, execution: under.execution())
        #expect(throws: TrainingError.notFinite(step: 3, variable: nil)) {
            try estimator.train(input: SmallModel.array(), steps: 8)
        }
        #expect(TrainingError.notFinite(step: 3, variable: nil).description == "the loss of step 3 is not finite")
    }
}
