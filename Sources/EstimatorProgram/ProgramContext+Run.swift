public import Estimator
import Keras
import Worker

extension ProgramContext {
    /// Does with an estimator of this context what the job's mode asks for.
    ///
    /// It trains from the newest checkpoint on to ``maxSteps``, with the data behind that checkpoint, and evaluates as the job's
    /// `evaluate` says; evaluates the variables of `warm_start_from`; or predicts with them, a line a row in `predictions.ndjson`.
    ///
    /// - Parameters:
    ///   - estimator: one that this context has made.
    ///   - training: what is trained on; nil, the default: the job's `train.input`.
    ///   - evaluation: what is evaluated on; nil, the default: the job's `evaluate.input`.
    ///   - prediction: what is predicted for; nil, the default: the job's `predict.input`.
    /// - Throws: as the estimator's calls; ``ProgramError/inputMissing(field:)``.
    public func run(
        _ estimator: TPUEstimator, training: (any CallableInput)? = nil, evaluation: (any CallableInput)? = nil,
        prediction: (any CallableInput)? = nil
    ) throws {
        func given(
            _ own: (any CallableInput)?, _ ofJob: (any InputFunction)?, _ field: String
        ) throws(ProgramError) -> any CallableInput {
            guard let input = own ?? ofJob else { throw .inputMissing(field: field) }
            return input
        }
        func evaluated() throws(ProgramError) -> EvalSpec {
            EvalSpec(
                input: try given(evaluation, evalInput, "evaluate.input"), steps: evalSteps, everySteps: evalEverySteps)
        }
        switch mode {
        case .train, .trainAndEvaluate:
            _ = try TrainingCourse.run(
                estimator, input: try given(training, trainInput, "train.input"), target: maxSteps,
                evaluation: mode == .train ? nil : evaluated(), observer: observer)
        case .evaluate:
            observer.started(step: 0, target: nil)
            _ = try estimator.evaluate(input: try given(evaluation, evalInput, "evaluate.input"), steps: evalSteps)
        case .predict:
            observer.started(step: 0, target: nil)
            try predict(estimator, try given(prediction, predictInput, "predict.input"))
        }
    }

    private func predict(_ estimator: TPUEstimator, _ input: any CallableInput) throws {
        var lines = RowLines()
        do {
            let file = try DurableFile(PredictionRun.fileName, in: modelDirectory)
            try estimator.predict(input: input, shards: attempt.definition.predictionShards) { batch in
                try file.append(lines.lines(of: batch))
            }
            let entry = try file.finish()
            log("Wrote \(lines.count) predictions, \(entry.bytes) bytes.")
            predictions = entry
        } catch let error as CheckpointFileError {
            throw TrainingError(error, while: "writing \(PredictionRun.fileName)")
        }
    }
}
