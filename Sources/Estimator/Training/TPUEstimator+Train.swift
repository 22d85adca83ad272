/// Where a training call's data begin.
public enum DataStart: Sendable, Equatable {
    /// At the first record in every call, as in the source.
    case firstRecord
    /// Where the checkpoint that training goes on from was taken: the call continues the one before.
    case checkpoint
}

/// An evaluation that training runs between device loops, on the variables as they are then.
public struct PeriodicEvaluation: Sendable {
    /// What is evaluated on.
    package var input: any CallableInput
    /// Batches of one evaluation; needed on the TPU, nil on the CPU: to the end of the input.
    package var steps: Int?
    /// An evaluation at the first loop boundary at or past each multiple; nil: only at the end, where one always runs.
    package var everySteps: Int?

    /// An evaluation on an input.
    public init(input: any CallableInput, steps: Int?, everySteps: Int? = nil) {
        self.input = input
        self.steps = steps
        self.everySteps = everySteps
    }
}

extension TPUEstimator {
    /// Trains from the newest good checkpoint of the `model_dir`, or from the start, and leaves a checkpoint at the
    /// end.
    ///
    /// - Parameters:
    ///   - input: where batches come from.
    ///   - steps: how many more steps; on the TPU exactly one of `steps` and `maxSteps` is needed.
    ///   - maxSteps: the global step to stop at; at or past it nothing is trained.
    ///   - hooks: called around device loops, before the estimator's own.
    ///   - dataStart: where the data begin. Default: at the first record.
    ///   - evaluation: evaluations between loops and at the end. Default none.
    /// - Throws: `EstimatorError` for what the source refuses, ``TrainingError`` for what goes wrong, and what hooks
    ///   and model function throw.
    @discardableResult
    public func train(
        input: any CallableInput, steps: Int? = nil, maxSteps: Int? = nil, hooks: [any SessionHook] = [],
        dataStart: DataStart = .firstRecord, evaluation: PeriodicEvaluation? = nil
    ) throws -> TrainingResult {
        defer { stopSwitch.reset() }
        let context = context.withMode(.train)
        let stopHook =
            try context.trainingHook(steps: steps, maxSteps: maxSteps)
            ?? hostStopHook(steps: steps, maxSteps: maxSteps)
        if evaluation != nil, try !context.withMode(.evaluate).isRunningOnCPU, evaluation?.steps == nil {
            throw EstimatorError.evalStepsMissing
        }
        return try withExtendedLifetime(try lock()) {
            try TrainingRun(
                estimator: self, context: context, input: input, stopHook: stopHook, hooks: hooks,
                evaluation: evaluation
            ).execute(maxSteps: maxSteps, dataStart: dataStart)
        }
    }

    /// The base estimator's rules for training on the CPU: neither limit means until the input ends.
    private func hostStopHook(steps: Int?, maxSteps: Int?) throws(EstimatorError) -> StopAtStepHook {
        try TPUContext.checkPositive(steps, "Train steps")
        try TPUContext.checkPositive(maxSteps, "Train max_steps")
        return try StopAtStepHook(
            iterationsPerLoop: context.config.tpuConfig.iterationsPerLoop, numSteps: steps,
            lastStep: maxSteps ?? (steps == nil ? Int.max : nil))
    }
}
