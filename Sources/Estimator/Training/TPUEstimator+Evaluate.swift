import Executor
public import OrderedCollections

extension TPUEstimator {
    /// Evaluates the variables of the newest good checkpoint of the `model_dir`, or of the starting point while there
    /// is none.
    ///
    /// With an evaluation batch size it runs on the TPU: `steps` is needed, batches are full, metrics get all cores'
    /// rows in core order. Otherwise it runs on the CPU, to the end of the input or for `steps` batches; the last batch
    /// may be smaller.
    ///
    /// - Throws: `EstimatorError` for what the source refuses, ``TrainingError`` for what goes wrong, and what the
    ///   model function throws.
    public func evaluate(input: any InputFunction, steps: Int? = nil) throws -> EvaluationResult {
        defer { stopSwitch.reset() }
        let evaluator = try Evaluator(estimator: self, input: input, steps: steps)
        let result = try evaluator.evaluate(globalStep: try globalStepToUse()) { try $0.restore(self) }
        observer?.evaluated(result)
        return result
    }

    /// Predicts with the variables of the newest good checkpoint, or of the starting point, on the CPU, batch by batch
    /// to the end of the input.
    ///
    /// - Parameter body: called for every batch with the predictions by name, each of as many rows as the batch.
    /// - Throws: as ``evaluate(input:steps:)``, and what `body` throws.
    public func predict(
        input: any InputFunction, _ body: (OrderedDictionary<String, HostTensor>) throws -> Void
    ) throws {
        defer { stopSwitch.reset() }
        try TPUContext.checkPositive(input.ownBatchSize, "batch_size")
        _ = try globalStepToUse()
        let run = HostRun(
            estimator: self, context: context.withMode(.predict), input: input, batchSize: input.ownBatchSize
        ) { try $0.restore(self) }
        try run.forEachBatch(limit: nil) { tensors, _ in
            var predictions: OrderedDictionary<String, HostTensor> = [:]
            for tensor in tensors { predictions[tensor.name] = tensor }
            try body(predictions)
        }
    }

    private func globalStepToUse() throws -> Int {
        guard let step = try latestCheckpoint()?.step ?? startingPoint?.globalStep else {
            throw TrainingError.noCheckpoint
        }
        return step
    }
}

extension VariableTransfer {
    /// Sets variables for evaluation or prediction: the newest good checkpoint's, else the starting point's.
    func restore(_ estimator: TPUEstimator) throws {
        let checkpoint = try estimator.latestCheckpoint()
        guard let step = checkpoint?.step ?? estimator.startingPoint?.globalStep,
            let variables = checkpoint.map({ NamedArray.dictionary($0.variables) })
                ?? estimator.startingPoint?.variables
        else { throw TrainingError.noCheckpoint }
        try restore(variables: variables, slots: nil, globalStep: step)
    }
}
