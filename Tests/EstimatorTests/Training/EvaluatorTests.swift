import Estimator
import Executor
import Formats
import Graph
import Synchronization
import Testing

@Suite struct EvaluatorTests {
    private static let start = StartingPoint(
        variables: [
            "dense/kernel": NDArray(zeros: .float32, shape: [6, 3]), "dense/bias": NDArray([Float(0), 0, 0]),
        ],
        globalStep: 12)

    private func evaluate(
        _ input: any InputFunction, steps: Int?, onTPU: Bool = true, batch: Int? = 8, whole: Bool = false,
        hosts: Int? = nil
    ) throws -> EvaluationResult {
        var model = SmallModel(evalBatchSize: batch, useTPU: onTPU, hosts: hosts, demandsWholeInput: whole)
        model.startingPoint = Self.start
        return try model.estimator(TemporaryFolder()).evaluate(input: input, steps: steps)
    }

    @Test(arguments: [true, false], [0, -1, Int.min]) func steps(onTPU: Bool, steps: Int) {
        #expect(throws: EstimatorError.notPositive(name: "Eval steps", value: steps)) {
            try evaluate(SmallModel.array(), steps: steps, onTPU: onTPU)
        }
    }

    /// Where the estimator has no batch size the input's own counts.
    @Test func ownBatchSize() throws {
        var input = GivenInput { _, batch in batch < 3 ? 5 : nil }
        input.ownBatchSize = 5
        let result = try evaluate(input, steps: nil, onTPU: false, batch: nil)
        #expect(result.rows == 15 && result.steps == 3 && result.globalStep == 12)
        for size in [0, -4, Int.min] {
            input.ownBatchSize = size
            #expect(throws: EstimatorError.evalBatchSizeNotPositive(size)) {
                try evaluate(input, steps: nil, onTPU: false, batch: nil)
            }
        }
    }

    /// An evaluation of no row has no result, wherever it runs.
    @Test func nothingToEvaluate() {
        let input = GivenInput { _, _ in nil }
        for (steps, asked) in [(nil, 1), (4, 4)] as [(Int?, Int)] {
            #expect(
                throws: TrainingError.inputExhausted(
                    InputExhaustion(rows: 0, batchSize: 8, stepsDone: 0, stepsAsked: asked))
            ) { try evaluate(input, steps: steps, onTPU: false) }
        }
        #expect(
            throws: TrainingError.inputExhausted(InputExhaustion(rows: 0, batchSize: 8, stepsDone: 0, stepsAsked: 4))
        ) { try evaluate(input, steps: 4) }
    }

    /// The rows that an input says it has, else those that came: of 2 batches and a half, the half on the CPU alone.
    @Test func rowsOfAnInputThatEnds() {
        for (count, onTPU, rows, done) in [
            (nil, true, 16, 2), (20, true, 20, 2), (nil, false, 20, 3), (21, false, 21, 3),
        ] as [(Int?, Bool, Int, Int)] {
            let input = GivenInput(recordCount: count) { _, batch in batch < 2 ? 8 : batch == 2 ? 4 : nil }
            #expect(
                throws: TrainingError.inputExhausted(
                    InputExhaustion(rows: rows, batchSize: 8, stepsDone: done, stepsAsked: 4))
            ) { try evaluate(input, steps: 4, onTPU: onTPU, whole: true) }
        }
    }

    @Test(arguments: [true, false]) func stopped(onTPU: Bool) throws {
        let switchboard = Switchboard()
        let input = GivenInput { _, batch in
            if batch == 2 { switchboard.estimator?.requestStop(checkpoint: true) }
            return 8
        }
        var model = SmallModel(useTPU: onTPU)
        model.startingPoint = Self.start
        let estimator = try model.estimator(TemporaryFolder())
        switchboard.estimator = estimator
        #expect(throws: TrainingError.stopped) { try estimator.evaluate(input: input, steps: 2000) }
        switchboard.estimator = nil
        // The request held for one call.
        #expect(try estimator.evaluate(input: input, steps: 2).steps == 2)
    }

    /// What a hook sees of an evaluation.
    private final class Watcher: SessionHook {
        var calls: [String] = []
        var values: [[SessionValue]] = []
        let stopsAfter: Int?

        init(stopsAfter: Int? = nil) { self.stopsAfter = stopsAfter }

        func begin(_ scope: VariableScope) { calls.append("begin") }
        func sessionCreated(_ session: any Session) { calls.append("created") }
        func beforeRun(_ context: SessionRunContext) -> [SessionOperation] {
            calls.append("before")
            return [.globalStep, .loss]
        }
        func afterRun(_ context: SessionRunContext, values: [SessionValue]) {
            calls.append("after")
            self.values.append(values)
            if self.values.count == stopsAfter { context.requestStop() }
        }
        func end(_ session: any Session) { calls.append("end") }
    }

    private func watched(_ hook: Watcher, steps: Int?, onTPU: Bool, repeats: Int? = 1) throws -> EvaluationResult {
        var model = SmallModel(evalBatchSize: 8, useTPU: onTPU)
        model.startingPoint = Self.start
        model.startingPoint?.variables["dense/bias"] = NDArray([Float(1), 0, -2])
        return try model.estimator(TemporaryFolder()).evaluate(
            input: SmallModel.array(repeats: repeats), steps: steps, hooks: [hook])
    }

    /// On the TPU one run makes all steps; the loss is the mean over them, though the outfeed's worker may be behind.
    @Test func hooksOnTheTPU() throws {
        let hook = Watcher()
        let result = try watched(hook, steps: 6, onTPU: true)
        #expect(hook.calls == ["begin", "created", "before", "after", "end"])
        #expect(hook.values == [[.integer(12), .real(result.loss)]])
    }

    /// On the CPU a run takes one batch, the short one at the end as well.
    @Test(arguments: [nil, 3, 9]) func hooksOnTheCPU(steps: Int?) throws {
        let hook = Watcher()
        let result = try watched(hook, steps: steps, onTPU: false)
        let runs = min(7, steps ?? 7)
        #expect(result.steps == runs)
        let each = [[String]](repeating: ["before", "after"], count: runs).joined()
        #expect(hook.calls == ["begin", "created"] + each + ["end"])
        #expect(hook.values.last == [.integer(12), .real(result.loss)])
        #expect(Set(hook.values.prefix(3)).count == 3, "the mean over the batches so far")
    }

    /// A hook that asks to stop ends an evaluation with what it has, also where whole input is demanded.
    @Test func aHookStops() throws {
        let hook = Watcher(stopsAfter: 2)
        #expect(try watched(hook, steps: 5, onTPU: false, repeats: nil).rows == 16)
        #expect(hook.calls.last == "end")
        var model = SmallModel(evalBatchSize: 8, useTPU: false, demandsWholeInput: true)
        model.startingPoint = Self.start
        let result = try model.estimator(TemporaryFolder()).evaluate(
            input: SmallModel.array(repeats: 1), steps: 5, hooks: [Watcher(stopsAfter: 2)])
        #expect(result.steps == 2)
    }

    /// An evaluation with a metric of a tensor that there is none of.
    private func evaluateAbsent(onTPU: Bool, steps: Int, hooks: [any SessionHook] = []) throws {
        let base = SmallModel().modelFunction
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: { features, labels, mode, params, builder in
                var spec = try base(features, labels, mode, params, builder)
                spec.evalMetrics = EvalMetrics(tensors: [:], metrics: [.mean("absent")])
                return spec
            },
            config: RunConfig(modelDirectory: folder.path), params: ModelParameters(["classes": .int(3)]),
            useTPU: onTPU, trainBatchSize: 16, evalBatchSize: 8, execution: .reference, observer: nil,
            startingPoint: Self.start)
        #expect(
            throws: TrainingError.modelFailed(
                detail: "metric mean reads the tensor absent, which eval_metrics does not have")
        ) { try estimator.evaluate(input: SmallModel.array(), steps: steps, hooks: hooks) }
    }

    /// A run that fails calls no hook's end, and closes the session.
    @Test(arguments: [true, false]) func hooksOfAFailedRun(onTPU: Bool) throws {
        let hook = Watcher()
        try evaluateAbsent(onTPU: onTPU, steps: 3, hooks: [hook])
        #expect(hook.calls == ["begin", "created", "before"])
    }

    /// A metric that fails at the last step is met by nobody but the end.
    @Test func theLastStepsMetricFails() throws { try evaluateAbsent(onTPU: true, steps: 1) }

    /// One host's input ends, and the other's fails behind that, when the session is being closed: still the input's
    /// fault in the input's words.
    @Test func aHostFailsBehindTheEnd() throws {
        let isClosing = Condition(false)
        let input = GivenInput { request, batch in
            if batch == 0 { return 4 }
            if request.rows.lowerBound == 0 { return nil }
            _ = isClosing.wait(atMost: 20) { $0 ? true : nil }
            throw TestFailure("row 9 is not a number")
        }
        var execution = ExecutionOptions.reference
        execution.hosts = 2
        execution.tracer = EventTracer { if $0.event == .sessionClose { isClosing.update { $0 = true } } }
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: SmallModel().modelFunction,
            config: RunConfig(tpuConfig: try TPUConfig(numShards: 4), modelDirectory: folder.path),
            params: ModelParameters(["classes": .int(3)]), useTPU: true, trainBatchSize: 8, evalBatchSize: 8,
            execution: execution, observer: nil, startingPoint: Self.start)
        #expect(throws: TrainingError.inputFailed(detail: "row 9 is not a number")) {
            try estimator.evaluate(input: input, steps: 3)
        }
    }

    /// However often a training evaluates, the model function is called once for it.
    @Test func theProgramIsBuiltOnce() throws {
        let calls = Mutex<[ModeKeys]>([])
        let base = SmallModel().modelFunction
        let folder = try TemporaryFolder()
        let estimator = try TPUEstimator(
            modelFunction: { features, labels, mode, params, builder in
                calls.withLock { $0.append(mode) }
                return try base(features, labels, mode, params, builder)
            },
            config: RunConfig(tpuConfig: try TPUConfig(numShards: 8), modelDirectory: folder.path),
            params: ModelParameters(["classes": .int(3)]), trainBatchSize: 16, evalBatchSize: 8,
            execution: .reference)
        try estimator.train(
            input: SmallModel.array(), steps: 8,
            evaluation: EvalSpec(input: SmallModel.array(), steps: 1, everySteps: 2))
        #expect(calls.withLock { $0 } == [.train, .evaluate])
    }
}
