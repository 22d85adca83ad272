import Executor
import Graph

/// One call of `train`: builds, restores, loops, keeps.
final class TrainingRun {
    private let estimator: TPUEstimator
    private let context: TPUContext
    private let input: any CallableInput
    private let stopHook: StopAtStepHook
    private let hooks: [any SessionHook]
    private let evaluation: EvalSpec?
    private let shards: Int
    private let batchSize: Int

    private var observer: (any TrainingObserver)? { estimator.observer }

    init(
        estimator: TPUEstimator, context: TPUContext, input: any CallableInput, stopHook: StopAtStepHook,
        hooks: [any SessionHook], evaluation: EvalSpec?
    ) throws {
        self.estimator = estimator
        self.context = context
        self.input = input
        self.stopHook = stopHook
        self.hooks = hooks
        self.evaluation = evaluation
        shards = try context.isRunningOnCPU ? 1 : context.numCores
        batchSize = context.trainBatchSize ?? input.ownBatchSize
        guard batchSize >= 1 else { throw EstimatorError.trainBatchSizeNotPositive(batchSize) }
    }

    /// Runs the call.
    func execute(maxSteps: Int?, dataStart: DataStart) throws -> TrainingResult {
        let checkpoint = try estimator.latestCheckpoint()
        let startStep = checkpoint?.step ?? estimator.startingPoint?.globalStep ?? 0
        let firstBatch = dataStart == .checkpoint ? checkpoint?.state.consumedBatches ?? 0 : 0
        let continued = dataStart == .checkpoint ? checkpoint : nil
        // The job's first step: a checkpoint holds as many batches as steps since then.
        let grid = try grid(origin: startStep - firstBatch)
        stopHook.grid = grid
        stopHook.pace = try pace
        let scope = VariableScope(tracer: estimator.tracer)
        try scope.createGlobalStep()
        let build = try build(scope, firstBatch: firstBatch)
        let built = build.program
        let executor = try estimator.executor(
            for: built, shards: shards, hosts: try hosts, seed: context.config.randomSeed,
            stepsAhead: input.stepsAhead)
        let transfer = VariableTransfer(executor: executor, built: built)
        try transfer.restore(checkpoint, or: estimator.startingPoint)
        if checkpoint == nil, estimator.startingPoint == nil, let scaffold = try build.spec.scaffoldFunction?() {
            try transfer.start(from: scaffold)
        }
        let keeper = CheckpointKeeper(
            store: try estimator.checkpointStore(), observer: observer, transfer: transfer, config: context.config,
            grid: grid, startStep: startStep, previous: checkpoint, firstBatch: firstBatch,
            profiler: estimator.profiler)
        let evaluator = try evaluation.map { try TrainingEvaluator(estimator: estimator, spec: $0, grid: grid) }

        var result = TrainingResult(
            globalStep: startStep, loss: continued?.state.reported.lastLoss, ending: .finished)
        if let maxSteps, startStep >= maxSteps {
            tellStart(step: startStep, target: maxSteps, continued, keeper)
            estimator.tracer.log(.info, "Skipping training since max_steps has already saved.")
        } else {
            estimator.stopSwitch.attach(executor)
            result = try loop(
                build, scope, executor, keeper, evaluator, grid, continued, startStep: startStep, firstBatch: firstBatch
            )
        }
        if let evaluator, !result.ending.isStop {
            do {
                result.evaluation = try evaluator.evaluateAtEnd(keeper, step: result.globalStep)
            } catch TrainingError.stopped {
                result.ending = .stopped(checkpointed: true)
            }
        }
        return result
    }

    /// On the CPU a run is one step, as TensorFlow's Estimator has it, whatever the configuration says of loops.
    private func grid(origin: Int) throws -> LoopGrid {
        try context.isRunningOnCPU
            ? LoopGrid(origin: origin, iterations: 1)
            : LoopGrid(origin: origin, context.config, evaluatesEvery: evaluation?.everySteps)
    }

    private var pace: LoopPace? {
        get throws {
            guard try !context.isRunningOnCPU, let seconds = context.config.tpuConfig.secondsPerLoop else { return nil }
            // A checkpoint that is due by the time cuts the loop, too.
            return LoopPace(seconds: min(seconds, context.config.saveCheckpointsSeconds ?? .max))
        }
    }

    private var hosts: Int {
        get throws {
            if context.isInputBroadcast { return 1 }
            return try estimator.execution.hosts ?? (context.isRunningOnCPU ? 1 : context.numHosts)
        }
    }

    private func build(_ scope: VariableScope, firstBatch: Int) throws -> WrappedModelFunction.Build {
        let called = try estimator.callInput(
            input, mode: .train, rows: batchSize, firstBatch: firstBatch, dropRemainder: input.dropsRemainder)
        let skipped = try context.isRunningOnCPU && input.seeksFirstBatch ? 0 : firstBatch
        return try estimator.wrappedModelFunction(
            mode: .train, options: estimator.inputOptions(hosts: try hosts, firstBatch: skipped)
        )(features: called, scope: scope, rows: batchSize)
    }

    /// Says where training starts, and what was reported up to there.
    private func tellStart(step: Int, target: Int, _ continued: Checkpoint?, _ keeper: CheckpointKeeper) {
        observer?.trainingStarted(step: step, target: target)
        if let continued, let record = continued.record {
            (observer as? any JobObserver)?.trainingContinued(from: record, reported: continued.state.reported)
            keeper.tellBest()
        }
    }

    // MARK: The loop

    private func loop(
        _ build: WrappedModelFunction.Build, _ scope: VariableScope, _ executor: any ProgramExecutor,
        _ keeper: CheckpointKeeper,
        _ evaluator: TrainingEvaluator?, _ grid: LoopGrid, _ continued: Checkpoint?, startStep: Int, firstBatch: Int
    ) throws -> TrainingResult {
        let feeders = try build.input.feeders(
            into: executor.infeed, keepsRemainder: !dropsRemainder, profiler: estimator.profiler)
        let session = DeviceSession(
            executor: executor, feeders: feeders,
            purpose: .training(
                keeper.transfer,
                hostCalls: try build.program.hostCall.map {
                    try hostCalls($0, startStep: startStep, firstBatch: firstBatch)
                }),
            remainder: try dropsRemainder ? nil : remainderStep(build.building, keeper, feeders), globalStep: startStep,
            wrapsInputIntoWhileLoop: estimator.execution.wrapsInputIntoWhileLoop,
            isOnHost: try context.isRunningOnCPU, coresAlike: context.coresAlike, tracer: estimator.tracer,
            profiler: estimator.profiler,
            isStopping: { [stopSwitch = estimator.stopSwitch] in stopSwitch.request != nil })
        estimator.profiler.attach(executor) { [observer] in (observer as? any JobObserver)?.profiled($0) }
        defer { estimator.profiler.detach() }
        do {
            let monitored = try makeMonitored(session, build.spec, scope, feeders)
            let target = stopHook.lastStep ?? startStep
            tellStart(step: startStep, target: target, continued, keeper)
            var result = TrainingResult(
                globalStep: startStep, loss: continued?.state.reported.lastLoss, ending: .finished)
            var rate = ProgressRate(now: MonotonicClock.nanoseconds())
            // The run that wrote the checkpoint may have ended before the evaluation that follows it.
            if startStep < target { try evaluate(evaluator, executor, keeper, step: startStep, isLast: false) }
            result.stoppedEarly = startStep < target ? evaluator?.earlyEnd(keeper) : nil
            while !monitored.shouldStop, result.stoppedEarly == nil, estimator.stopSwitch.request == nil {
                guard try run(monitored, session) else {
                    if estimator.stopSwitch.request == nil {
                        result.ending = .inputEnded(exhaustion(at: result.globalStep, startStep, firstBatch))
                    }
                    break
                }
                let loop = session.lastLoop
                result.globalStep = Int(try session.variables.value(of: .globalStep))
                result.loss = loop.loss ?? result.loss
                keeper.reported.lastLoss = result.loss
                if grid.isBoundary(result.globalStep) || monitored.shouldStop
                    || (loop.endedEarly && estimator.stopSwitch.request == nil)
                {
                    recordLoss(result.loss, keeper, step: result.globalStep)
                }
                report(loop, &rate, globalStep: result.globalStep)
                if loop.endedEarly, estimator.stopSwitch.request == nil {
                    result.ending = .inputEnded(exhaustion(at: result.globalStep, startStep, firstBatch))
                    break
                }
                // What a stop is to keep is written at the end, and says so.
                if estimator.stopSwitch.request != nil { break }
                try keeper.boundary(
                    step: result.globalStep, isRequested: estimator.stopSwitch.takeCheckpointRequest())
                try evaluate(evaluator, executor, keeper, step: result.globalStep, isLast: monitored.shouldStop)
                if !monitored.shouldStop { result.stoppedEarly = evaluator?.earlyEnd(keeper) }
            }
            if let reason = result.stoppedEarly { estimator.tracer.log(.info, reason) }
            if case .finished = result.ending, result.stoppedEarly == nil, !monitored.shouldStop,
                let request = estimator.stopSwitch.request
            {
                result.ending = .stopped(checkpointed: request == .keeping)
            }
            if case .inputEnded = result.ending, result.globalStep == startStep {
                estimator.tracer.log(.info, "No step was trained: the input had ended at step \(startStep) before.")
            }
            try finish(result, keeper, startStep: startStep)
            try monitored.end()
            return result
        } catch {
            // An error of closing would hide what went wrong.
            try? session.close()
            keeper.abandon()
            throw TrainingError.cause(of: error, session: session)
        }
    }

    /// On the CPU the function is called in each step, as in the source.
    private func hostCalls(_ call: BuiltHostCall, startStep: Int, firstBatch: Int) throws -> HostCalls {
        HostCalls(
            call, everySteps: try context.isRunningOnCPU ? 1 : context.config.tpuConfig.hostCallEverySteps,
            stepsBefore: firstBatch
        ) { startStep.adding(saturating: $0) }
    }

    /// One run; false: on the CPU the input had ended before, or a stop was asked for, and no hook saw a step.
    private func run(_ monitored: MonitoredSession, _ session: DeviceSession) throws -> Bool {
        do {
            try estimator.profiler.span(.loop, "device loop with hooks") { _ = try monitored.run([.deviceLoop]) }
            return true
        } catch is OutOfRange {
            return false
        } catch {
            session.ended(byRun: error, step: Int(try session.variables.value(of: .globalStep)))
            throw error
        }
    }

    /// On the TPU batches are full; on the CPU the input decides.
    private var dropsRemainder: Bool {
        get throws { try !context.isRunningOnCPU || input.dropsRemainder }
    }

    private func remainderStep(_ building: ProgramBuilding, _ keeper: CheckpointKeeper, _ feeders: [InputFeeder])
        -> RemainderStep?
    {
        // On the CPU there is one.
        guard let feeder = feeders.first, feeders.count == 1 else { return nil }
        return RemainderStep(
            estimator: estimator, building: building, transfer: keeper.transfer, feeder: feeder)
    }

    /// Evaluates between loops; a request to stop in the meantime is met by the loop.
    private func evaluate(
        _ evaluator: TrainingEvaluator?, _ executor: any ProgramExecutor, _ keeper: CheckpointKeeper, step: Int,
        isLast: Bool
    ) throws {
        guard let evaluator else { return }
        do {
            try evaluator.boundary(keeper, step: step, isLast: isLast)
        } catch TrainingError.stopped {}
        estimator.stopSwitch.attach(executor)
    }

    /// The user's hooks come first, then those of a plain spec, then the estimator's own.
    private func makeMonitored(
        _ session: DeviceSession, _ spec: EstimatorSpec, _ scope: VariableScope, _ feeders: [InputFeeder]
    ) throws -> MonitoredSession {
        var all = hooks
        // The base estimator tells of steps alone.
        let counter = StepCounterHook(
            batchSize: try context.isRunningOnCPU ? nil : batchSize, tracer: estimator.tracer)
        if try context.isRunningOnCPU {
            let logging = LoggingTensorHook(ofTraining: context.config, tracer: estimator.tracer)
            all += spec.trainingChiefHooks + spec.trainingHooks
            all += [stopHook, HostFeedHook(feeders: feeders, of: stopHook), counter, logging]
        } else {
            all += [stopHook] + spec.trainingHooks + [counter]
        }
        return try MonitoredSession(hooks: all, scope: scope) { session }
    }

    /// The point of the loss series, where an undisturbed run has one; once.
    private func recordLoss(_ loss: Double?, _ keeper: CheckpointKeeper, step: Int) {
        let last = keeper.reported.newestStep(of: ReportedSeries.loss)
        guard let loss, last.map({ $0 < step }) ?? true else { return }
        keeper.reported.add(loss: loss, step: step)
        observer?.lossRecorded(step: step, loss: loss)
    }

    private func report(_ loop: DeviceSession.Loop, _ rate: inout ProgressRate, globalStep: Int) {
        guard let observer, loop.steps > 0, let loss = loop.loss else { return }
        let stepsPerSecond = rate.add(steps: loop.steps, now: MonotonicClock.nanoseconds())
        observer.progressed(
            TrainingProgress(
                globalStep: globalStep, targetStep: stopHook.lastStep ?? globalStep, loss: loss,
                stepsPerSecond: stepsPerSecond, examplesPerSecond: stepsPerSecond * Double(batchSize),
                infeedWaitFraction: min(1, Double(loop.infeedWait) / Double(max(loop.nanoseconds, 1)))))
    }

    private func exhaustion(at step: Int, _ startStep: Int, _ firstBatch: Int) -> InputExhaustion {
        let batches = firstBatch.adding(saturating: step - startStep)
        let target = stopHook.lastStep ?? step
        return InputExhaustion(
            rows: input.recordCount ?? batches.multiplied(saturating: batchSize), batchSize: batchSize,
            stepsDone: batches,
            stepsAsked: target == .max ? max(1, batches) : firstBatch.adding(saturating: target - startStep))
    }

    /// An input that ends before the steps that were asked for is an error on the TPU, or where whole input is
    /// demanded, and only checkpoints from before stay; otherwise what was reached is kept, unless the stop
    /// request says to discard it. An input that ends before the first step of all is an error anywhere.
    private func finish(_ result: TrainingResult, _ keeper: CheckpointKeeper, startStep: Int) throws {
        switch result.ending {
        case .inputEnded(let exhaustion) where result.globalStep == startStep && !keeper.hasCheckpoint:
            throw TrainingError.inputExhausted(exhaustion)
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
        guard let fault = session.fault else { return error }
        switch (fault.source, fault.error) {
        case (.device, _), (.hook, _), (_, is TrainingError), (_, is EstimatorError): return fault.error
        case (.infeed, let cause), (.outfeed, let cause): return TrainingError(input: cause)
        }
    }
}
