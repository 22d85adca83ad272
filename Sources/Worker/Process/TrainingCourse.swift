package import Estimator

/// The training of a job, whoever made the model.
package enum TrainingCourse {
    /// Trains from the newest checkpoint on, with the data behind it, to the job's last step, and evaluates at the end.
    ///
    /// - Parameters:
    ///   - target: The global step to stop at; nil, on the CPU: at the end of the input.
    ///   - observer: What the estimator tells.
    /// - Throws: as `TPUEstimator.train`.
    package static func run(
        _ estimator: TPUEstimator, input: any CallableInput, target: Int?, evaluation: EvalSpec?,
        observer: FrameObserver
    ) throws -> TrainingResult {
        let result = try estimator.train(
            input: input, maxSteps: target, dataStart: .checkpoint, evaluation: evaluation)
        if case .stopped = result.ending { return result }
        // A job whose earlier attempt reached the last step trains nothing here, but wants its evaluation.
        if let evaluation, observer.evaluation?.globalStep != result.globalStep {
            _ = try estimator.evaluate(input: evaluation.input, steps: evaluation.steps)
        }
        return result
    }
}
