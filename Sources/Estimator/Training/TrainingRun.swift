import Executor

/// One call of `train`: builds, restores, loops, keeps.
final class TrainingRun {
    private let estimator: TPUEstimator
    private let context: TPUContext
    private let input: any InputFunction
    private let stopHook: StopAtStepHook
    private let hooks: [any SessionHook]
    private let evaluation: PeriodicEvaluation?
    private let shards: Int
    private let batchSize: Int

    private var observer: (any TrainingObserver)? { estimator.observer }

    init(
        estimator: TPUEstimator, context: TPUContext, input: any InputFunction, stopHook: StopAtStepHook,
        hooks: [any SessionHook], evaluation: PeriodicEvaluation?
    ) throws {
        self.estimator = estimator
        self.context = context
        self.input = input
        self.stopHook = stopHook
        self.hooks = hooks
        self.evaluation = evaluation
        shards = try context.isRunningOnCPU ? 1 : context.numCores
        batchSize = context.trainBatchSize ?? input.ownBatchSize
    }

    /// Runs the call.
    func execute(maxSteps: Int?, dataStart: DataStart) throws -> TrainingResult {
        let checkpoint = try estimator.latestCheckpoint()
        let startStep = checkpoint?.step ?? estimator.startingPoint?.globalStep ?? 0
        let firstBatch = dataStart == .checkpoint ? checkpoint?.state.consumedBatches ?? 0 : 0
        let built = try buildProgram()
        let executor = try estimator.execution.executor(
            for: built, shards: shards, hosts: try hosts, seed: context.config.randomSeed)
        let transfer = VariableTransfer(executor: executor, built: built)
        try transfer.restore(checkpoint, or: estimator.startingPoint)
        let keeper = CheckpointKeeper(
            store: try estimator.checkpointStore(), observer: observer, transfer: transfer, config: context.config,
            startStep: startStep, startsFromCheckpoint: checkpoint != nil, firstBatch: firstBatch)
        let evaluator = try evaluation.map { try TrainingEvaluator(estimator: estimator, plan: $0, step: startStep) }

        var result = TrainingResult(globalStep: startStep, loss: nil, ending: .finished)
        if let maxSteps, startStep >= maxSteps {
            observer?.trainingStarted(step: startStep, target: maxSteps)
            estimator.tracer.log(.info, "Skipping training since max_steps has already saved.")
        } else {
            estimator.stopSwitch.attach(executor)
            result = try loop(built, executor, keeper, evaluator, startStep: startStep, firstBatch: firstBatch)
        }
        if let evaluator, result.ending == .finished {
            do {
                result.evaluation = try evaluator.evaluate(transfer, step: result.globalStep)
            } catch TrainingError.stopped {
                result.ending = .stopped(checkpointed: true)
            }
        }
        return result
    }

    private var hosts: Int {
        get throws {
            if let hosts = estimator.execution.hosts { return hosts }
            return try context.isRunningOnCPU ? 1 : context.numHosts
        }
    }

    private func buildProgram() throws -> BuiltProgram {
        try ProgramBuilding(
            modelFunction: estimator.modelFunction, params: estimator.params, features: input.features,
            labels: input.labels
        ).build(
            mode: .train, coreBatchSize: batchSize / shards,
            handedBatchSize: try context.batchSizeForModelFunction, shards: shards,
            isOnTPU: try !context.isRunningOnCPU)
    }

    // MARK: The loop

    private func loop(
        _ built: BuiltProgram, _ executor: any ProgramExecutor, _ keeper: CheckpointKeeper,
        _ evaluator: TrainingEvaluator?, startStep: Int, firstBatch: Int
    ) throws -> TrainingResult {
        let feeding = Feeding(
            context: context, input: input, params: estimator.params, batchSize: batchSize, shards: shards,
            hosts: try hosts)
        let feeders = try feeding.feeders(into: executor.infeed, firstBatch: firstBatch, dropRemainder: true)
        let session = DeviceSession(
            executor: executor, feeders: feeders, purpose: .training(keeper.transfer), globalStep: startStep,
            tracer: estimator.tracer)
        do {
            let monitored = try makeMonitored(session, feeders)
            observer?.trainingStarted(step: startStep, target: stopHook.lastStep ?? startStep)
            var result = TrainingResult(globalStep: startStep, loss: nil, ending: .finished)
            while !monitored.shouldStop, estimator.stopSwitch.request == nil {
                try monitored.run([.deviceLoop])
                let loop = session.lastLoop
                result.globalStep = Int(try session.variables.value(of: .globalStep))
                result.loss = loop.loss ?? result.loss
                report(loop, globalStep: result.globalStep)
                if loop.endedEarly, estimator.stopSwitch.request == nil {
                    result.ending = .inputEnded(exhaustion(at: result.globalStep, startStep, firstBatch))
                    break
                }
                // What a stop is to keep is written at the end, and says so.
                if estimator.stopSwitch.request != nil { break }
                try keeper.boundary(
                    step: result.globalStep, isRequested: estimator.stopSwitch.takeCheckpointRequest())
                try evaluate(evaluator, executor, keeper, step: result.globalStep, isLast: monitored.shouldStop)
            }
            if case .finished = result.ending, !monitored.shouldStop, let request = estimator.stopSwitch.request {
                result.ending = .stopped(checkpointed: request == .keeping)
            }
            try finish(result, keeper)
            try monitored.end()
            return result
        } catch {
            // What closing meets would hide what went wrong.
            try? session.close()
            keeper.abandon()
            throw TrainingError.cause(of: error, session: session)
        }
    }

    /// Evaluates between loops; a request to stop in the meantime is met by the loop.
    private func evaluate(
        _ evaluator: TrainingEvaluator?, _ executor: any ProgramExecutor, _ keeper: CheckpointKeeper, step: Int,
        isLast: Bool
    ) throws {
        guard let evaluator else { return }
        do {
            try evaluator.boundary(keeper.transfer, step: step, isLast: isLast)
        } catch TrainingError.stopped {}
        estimator.stopSwitch.attach(executor)
    }

    private func makeMonitored(_ session: DeviceSession, _ feeders: [InputFeeder]) throws -> MonitoredSession {
        let tracer = estimator.tracer
        let scope = VariableScope(tracer: tracer)
        try scope.createGlobalStep()
        var own: [any SessionHook] = [stopHook]
        if try context.isRunningOnCPU {
            own.append(HostFeedHook(feeders: feeders))
        } else {
            own.append(
                try InfeedOutfeedSessionHook(
                    context: context, enqueueOperations: feeders.indices.map { .enqueue(host: $0) }, tracer: tracer))
        }
        own.append(
            LoggingTensorHook(
                tensors: [("loss", .loss), ("step", .globalStep)],
                everySeconds: Double(context.config.logEverySeconds), tracer: tracer,
                now: { .nanoseconds(MonotonicClock.nanoseconds()) }))
        return try MonitoredSession(hooks: hooks + own, scope: scope) { session }
    }

    private func report(_ loop: DeviceSession.Loop, globalStep: Int) {
        guard let observer, loop.steps > 0, let loss = loop.loss else { return }
        observer.lossRecorded(step: globalStep, loss: loss)
        let seconds = Double(max(loop.nanoseconds, 1)) / 1e9
        let rate = Double(loop.steps) / seconds
        observer.progressed(
            TrainingProgress(
                globalStep: globalStep, targetStep: stopHook.lastStep ?? globalStep, loss: loss,
                stepsPerSecond: rate, examplesPerSecond: rate * Double(batchSize),
                infeedWaitFraction: min(1, Double(loop.infeedWait) / Double(max(loop.nanoseconds, 1)))))
    }

    private func exhaustion(at step: Int, _ startStep: Int, _ firstBatch: Int) -> InputExhaustion {
        let batches = firstBatch + step - startStep
        let target = stopHook.lastStep ?? step
        return InputExhaustion(
            rows: input.recordCount ?? batches * batchSize, batchSize: batchSize, stepsDone: batches,
            stepsAsked: target == .max ? batches : firstBatch + target - startStep)
    }

    /// An input that ends before the steps that were asked for is an error on the TPU, or where whole input is
    /// demanded, and only checkpoints from before stay; otherwise what was reached is kept, unless somebody asked for it
    /// to be discarded.
    private func finish(_ result: TrainingResult, _ keeper: CheckpointKeeper) throws {
        switch result.ending {
        case .inputEnded(let exhaustion)
        where try !context.isRunningOnCPU || (estimator.demandsWholeInput && stopHook.lastStep != .max):
            throw TrainingError.inputExhausted(exhaustion)
        case .finished, .inputEnded: try keeper.end(step: result.globalStep, reason: .final)
        case .stopped(checkpointed: true): try keeper.end(step: result.globalStep, reason: .stop)
        case .stopped(checkpointed: false): keeper.abandon()
        }
    }
}

extension TrainingError {
    /// What really went wrong when a run met an error: feeding's or fetching's own error where there is one, since the
    /// device then only meets a closed queue.
    static func cause(of error: any Error, session: DeviceSession) -> any Error {
        guard let failure = session.failure else { return error }
        switch failure {
        case is TrainingError, is EstimatorError: return failure
        default: return TrainingError.inputFailed(detail: "\(failure)")
        }
    }
}
