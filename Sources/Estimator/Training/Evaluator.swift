import Executor

/// Runs evaluations of one input; the device's program is built once.
final class Evaluator {
    private let estimator: TPUEstimator
    private let context: TPUContext
    private let spec: EvalSpec
    private var built: Built?

    /// What is built once.
    private struct Built {
        let program: BuiltProgram
        let updates: [SessionOperation]
        /// Those of the model function's spec.
        let hooks: [any SessionHook]
    }

    /// An evaluator; rule T2 of the source. The constructor lets batch sizes below 1 pass, as the source does; nothing
    /// can be evaluated with them.
    ///
    /// - Throws: `EstimatorError.evalStepsMissing`, `.notPositive`, `.evalBatchSizeNotPositive`.
    init(estimator: TPUEstimator, spec: EvalSpec) throws {
        self.estimator = estimator
        self.spec = spec
        context = estimator.context.withMode(.evaluate)
        if try context.evaluationHooks(steps: spec.steps) == nil {
            try TPUContext.checkPositive(spec.steps, "Eval steps")
        }
        let batchSize = context.evalBatchSize ?? spec.input.ownBatchSize
        guard batchSize >= 1 else { throw EstimatorError.evalBatchSizeNotPositive(batchSize) }
    }

    private var input: any CallableInput { spec.input }
    private var steps: Int? { spec.steps }

    /// One evaluation of the variables that the closure sets.
    func evaluate(
        globalStep: Int, restore: @escaping (VariableTransfer) throws -> Void
    ) throws -> EvaluationResult {
        guard try !context.isRunningOnCPU, let steps, let batchSize = context.evalBatchSize else {
            return try evaluateOnHost(globalStep: globalStep, restore: restore)
        }
        return try evaluateOnDevice(steps, batchSize, globalStep: globalStep, restore: restore)
    }

    // MARK: On the CPU

    private func evaluateOnHost(
        globalStep: Int, restore: @escaping (VariableTransfer) throws -> Void
    ) throws -> EvaluationResult {
        let run = HostRun(
            estimator: estimator, context: context, input: input,
            batchSize: context.evalBatchSize ?? input.ownBatchSize, restore: restore)
        guard try run.next() != nil else {
            throw TrainingError.inputExhausted(
                InputExhaustion(rows: 0, batchSize: run.batchSize, stepsDone: 0, stepsAsked: steps ?? 1))
        }
        let totals = EvaluationTotals(metrics: run.metrics)
        let session = HostSession(
            run, totals: totals, hostCalls: run.hostCall.map { HostCalls($0) { _ in globalStep } },
            globalStep: globalStep, tracer: estimator.tracer)
        let hooks = spec.hooks + (steps.map { [StopAfterNEvalsHook(numEvals: $0)] } ?? [])
        try run.scope.createGlobalStep()
        let monitored: MonitoredSession
        do {
            monitored = try MonitoredSession(hooks: hooks + (run.spec?.evaluationHooks ?? []), scope: run.scope) {
                session
            }
            repeat { try monitored.run([.deviceLoop]) } while try !monitored.shouldStop && run.next() != nil
            try monitored.end()
        } catch {
            try? session.close()
            throw error
        }
        let result = totals.result(globalStep: globalStep, name: spec.name)
        if estimator.demandsWholeInput, let steps, !monitored.shouldStop {
            throw TrainingError.inputExhausted(
                InputExhaustion(
                    rows: input.recordCount ?? result.rows, batchSize: run.batchSize, stepsDone: result.steps,
                    stepsAsked: steps))
        }
        return result
    }

    // MARK: On the device

    private func evaluateOnDevice(
        _ steps: Int, _ batchSize: Int, globalStep: Int, restore: (VariableTransfer) throws -> Void
    ) throws -> EvaluationResult {
        let shards = context.numCores
        let hosts = context.isInputBroadcast ? 1 : estimator.execution.hosts ?? context.numHosts
        let scope = VariableScope(tracer: estimator.tracer)
        try scope.createGlobalStep()
        let (built, prepared) = try build(hosts, scope)
        let executor = try estimator.executor(
            for: built.program, shards: shards, hosts: hosts, seed: context.config.randomSeed,
            stepsAhead: input.stepsAhead)
        try restore(VariableTransfer(executor: executor, built: built.program))
        estimator.stopSwitch.attach(executor)
        let totals = EvaluationTotals(metrics: built.program.metrics)
        let feeders = try prepared.feeders(into: executor.infeed, keepsRemainder: false)
        let session = DeviceSession(
            executor: executor, feeders: feeders,
            purpose: .evaluation(
                totals, rows: batchSize, hostCalls: built.program.hostCall.map { HostCalls($0) { _ in globalStep } }),
            globalStep: globalStep, wrapsInputIntoWhileLoop: estimator.execution.wrapsInputIntoWhileLoop,
            coresAlike: context.coresAlike, tracer: estimator.tracer, profiler: estimator.profiler)
        do {
            try run(session, scope, built, hosts: hosts, steps: steps)
        } catch {
            try? session.close()
            throw TrainingError.cause(of: error, session: session)
        }
        let result = totals.result(globalStep: globalStep, name: spec.name)
        guard result.steps == steps else {
            if estimator.stopSwitch.request != nil { throw TrainingError.stopped }
            throw TrainingError.inputExhausted(
                InputExhaustion(
                    rows: input.recordCount ?? result.rows, batchSize: batchSize, stepsDone: result.steps,
                    stepsAsked: steps))
        }
        return result
    }

    private func run(
        _ session: DeviceSession, _ scope: VariableScope, _ built: Built, hosts: Int, steps: Int
    ) throws {
        let tracer = estimator.tracer
        let feedHook = try InfeedOutfeedSessionHook(
            context: context, enqueueOperations: (0..<hosts).map { .enqueue(host: $0) },
            dequeueOperations: built.updates,
            wrapsInputIntoWhileLoop: estimator.execution.wrapsInputIntoWhileLoop, tracer: tracer)
        var hooks = spec.hooks
        if let (stop, set) = try context.evaluationHooks(steps: steps) { hooks += [stop, set] }
        let monitored = try MonitoredSession(hooks: hooks + [feedHook] + built.hooks, scope: scope) { session }
        do {
            while !monitored.shouldStop { try monitored.run([.deviceLoop]) }
        } catch {
            session.ended(byRun: error, step: session.lastLoop.steps)
            throw error
        }
        try monitored.end()
    }

    /// The program, built at the first evaluation, and the input of this one.
    private func build(
        _ hosts: Int, _ scope: VariableScope
    ) throws -> (built: Built, input: PreparedInput) {
        var options = estimator.inputOptions(hosts: hosts)
        options.isPadded = input.fillsUp
        let wrapped = estimator.wrappedModelFunction(mode: .evaluate, options: options)
        let called = try estimator.callInput(input, mode: .evaluate)
        if let built, case .function(let call) = called { return (built, try wrapped.prepare(call)) }
        let made = try wrapped(features: called, scope: scope)
        // That of infeed and outfeed is another one in each evaluation.
        let built = Built(
            program: made.program, updates: made.updates,
            hooks: made.spec.evaluationHooks.filter { !($0 is InfeedOutfeedSessionHook) })
        self.built = built
        return (built, made.input)
    }
}
