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
    /// - Throws: `EstimatorError` for what the source refuses, ``TrainingError`` for what goes wrong, and what hooks
    ///   and model function throw.
    @discardableResult
    public func train(
        input: any CallableInput, steps: Int? = nil, maxSteps: Int? = nil, hooks: [any SessionHook] = [],
        dataStart: DataStart = .firstRecord
    ) throws -> TrainingResult {
        try train(
            input: input, steps: steps, maxSteps: maxSteps, hooks: hooks, dataStart: dataStart, evaluation: nil)
    }

    /// Trains, and evaluates between device loops and at the end, on the variables as they are then (TensorFlow:
    /// `tf.estimator.train_and_evaluate` in one process).
    ///
    /// - Returns: how training ended, and the evaluation at the end if it finished.
    /// - Throws: as ``train(input:steps:maxSteps:hooks:dataStart:)``, and as
    ///   ``evaluate(input:steps:hooks:checkpoint:name:)``.
    @discardableResult
    public func trainAndEvaluate(train spec: TrainSpec, evaluate evaluation: EvalSpec) throws -> TrainingResult {
        try train(
            input: spec.input, maxSteps: spec.maxSteps, hooks: spec.hooks, dataStart: spec.dataStart,
            evaluation: evaluation)
    }

    /// Trains, and evaluates as well where that is asked for.
    @discardableResult
    package func train(
        input: any CallableInput, steps: Int? = nil, maxSteps: Int? = nil, hooks: [any SessionHook] = [],
        dataStart: DataStart = .firstRecord, evaluation: EvalSpec?
    ) throws -> TrainingResult {
        defer { stopSwitch.reset() }
        let context = context.withMode(.train)
        let stopHook =
            try context.trainingHook(steps: steps, maxSteps: maxSteps)
            ?? hostStopHook(steps: steps, maxSteps: maxSteps)
        if evaluation != nil, try !context.withMode(.evaluate).isRunningOnCPU, evaluation?.steps == nil {
            throw EstimatorError.evalStepsMissing
        }
        let result = try withExtendedLifetime(try lock()) {
            try TrainingRun(
                estimator: self, context: context, input: input, stopHook: stopHook, hooks: hooks,
                evaluation: evaluation
            ).execute(maxSteps: maxSteps, dataStart: dataStart)
        }
        if result.ending.isStop, stopSwitch.isLasting { throw TrainingError.stopped }
        return result
    }

    /// The base estimator's rules for training on the CPU: neither limit means until the input ends.
    private func hostStopHook(steps: Int?, maxSteps: Int?) throws(EstimatorError) -> StopAtStepHook {
        try TPUContext.checkPositive(steps, "Train steps")
        try TPUContext.checkPositive(maxSteps, "Train max_steps")
        return try StopAtStepHook(
            iterationsPerLoop: 1, numSteps: steps, lastStep: maxSteps ?? (steps == nil ? Int.max : nil))
    }
}
