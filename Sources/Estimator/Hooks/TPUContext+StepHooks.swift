extension TPUContext {
    /// What stops a training on the TPU (TensorFlow: `_convert_train_steps_to_hooks`); nil: training runs on the CPU,
    /// where the base estimator's rules hold.
    ///
    /// - Throws: `EstimatorError.modeNotSet`; `.trainStepsMissing` if neither is given, `.notPositive` for the first
    ///   that is less than 1, `.twoStepLimits` if both are given.
    package func trainingHook(steps: Int?, maxSteps: Int?) throws(EstimatorError) -> StopAtStepHook? {
        guard try !withMode(.train).isRunningOnCPU else { return nil }
        if steps == nil, maxSteps == nil { throw .trainStepsMissing }
        try Self.checkPositive(steps, "Train steps")
        try Self.checkPositive(maxSteps, "Train max_steps")
        return try StopAtStepHook(
            iterationsPerLoop: config.tpuConfig.iterationsPerLoop, numSteps: steps, lastStep: maxSteps)
    }

    /// What stops an evaluation on the TPU and loads its iterations, in this order (TensorFlow:
    /// `_convert_eval_steps_to_hooks`); nil: evaluation runs on the CPU, where the base estimator's rules hold.
    ///
    /// - Throws: `EstimatorError.evalStepsMissing`, `.notPositive`.
    package func evaluationHooks(
        steps: Int?
    ) throws(EstimatorError) -> (stop: StopAfterNEvalsHook, set: SetEvalIterationsHook)? {
        guard try !withMode(.evaluate).isRunningOnCPU else { return nil }
        guard let steps else { throw .evalStepsMissing }
        try Self.checkPositive(steps, "Eval steps")
        return (StopAfterNEvalsHook(numEvals: steps), SetEvalIterationsHook(numSteps: steps))
    }

    /// Refuses a number that is given and less than 1 (TensorFlow: `util_lib.check_positive_integer`).
    ///
    /// - Throws: `EstimatorError.notPositive` with the name.
    package static func checkPositive(_ number: Int?, _ name: String) throws(EstimatorError) {
        if let number, number < 1 { throw .notPositive(name: name, value: number) }
    }
}
