import Executor
public import OrderedCollections

extension TPUEstimator {
    /// Evaluates the variables of the newest good checkpoint of the `model_dir`, or of the starting point while there
    /// is none.
    ///
    /// With an evaluation batch size it runs on the TPU: `steps` is needed, batches are full, metrics get all cores'
    /// rows in core order; one run of the session makes all steps. Otherwise it runs on the CPU, to the end of the input or for
    /// `steps` batches, a run each; the last batch may be smaller.
    ///
    /// - Parameters:
    ///   - input: where batches come from.
    ///   - steps: how many batches; needed on the TPU, nil on the CPU: to the end of the input.
    ///   - hooks: called around the runs, before the estimator's own and those of a plain spec. Default none.
    ///   - checkpoint: the step of the checkpoint that is evaluated; nil, the default: the newest good one.
    ///   - name: what the result goes by, in ``EvaluationResult/name``. Default none.
    /// - Throws: `EstimatorError` for what the source refuses, ``TrainingError`` for what goes wrong, and what hooks
    ///   and model function throw.
    public func evaluate(
        input: any CallableInput, steps: Int? = nil, hooks: [any SessionHook] = [], checkpoint: Int? = nil,
        name: String? = nil
    ) throws -> EvaluationResult {
        defer { stopSwitch.reset() }
        let evaluator = try Evaluator(
            estimator: self, spec: EvalSpec(input: input, steps: steps, name: name, hooks: hooks))
        let start = try variablesToUse(checkpoint)
        let result = try evaluator.evaluate(globalStep: start.globalStep) { try $0.restore(start) }
        observer?.evaluated(result)
        return result
    }

    /// Predicts with the variables of a checkpoint, or of the starting point, on the CPU, batch by batch to the end of the
    /// input.
    ///
    /// - Parameters:
    ///   - input: where batches come from.
    ///   - checkpoint: the step of the checkpoint that predicts; nil, the default: the newest good one.
    ///   - body: called for every batch with the predictions by name, each of as many rows as the batch.
    /// - Throws: as ``evaluate(input:steps:hooks:checkpoint:name:)``, and what `body` throws.
    public func predict(
        input: any CallableInput, checkpoint: Int? = nil,
        _ body: (OrderedDictionary<String, HostTensor>) throws -> Void
    ) throws {
        try predict(input: input, checkpoint: checkpoint, shards: 1, body)
    }

    /// What is evaluated, predicts or is exported: the variables of the checkpoint at a step, or else of the newest good one,
    /// or else of the starting point. Read once, so that all of a run sees the same ones and a damaged checkpoint is told of once.
    ///
    /// - Throws: ``TrainingError/checkpointMissing(step:others:)``, ``TrainingError/noCheckpoint``, and what reading throws.
    func variablesToUse(_ step: Int?) throws -> StartingPoint {
        guard let checkpoint = try step.map(self.checkpoint) ?? latestCheckpoint() else {
            guard let startingPoint else { throw TrainingError.noCheckpoint }
            return startingPoint
        }
        return StartingPoint(variables: NamedArray.dictionary(checkpoint.variables), globalStep: checkpoint.step)
    }

    private func checkpoint(at step: Int) throws -> Checkpoint {
        let store = try checkpointStore()
        do {
            guard let checkpoint = try store.checkpoint(at: step) else {
                throw TrainingError.checkpointMissing(
                    step: step, others: try store.steps().filter { $0 != step }.sorted())
            }
            return checkpoint
        } catch let fault as CheckpointFileError {
            throw TrainingError(fault, while: "reading a checkpoint")
        }
    }
}

extension VariableTransfer {
    /// Sets variables for evaluation or prediction: the optimizer's slots are none of them.
    func restore(_ start: StartingPoint) throws {
        try restore(variables: start.variables, slots: nil, globalStep: start.globalStep)
    }
}
