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
    public func evaluate(input: any CallableInput, steps: Int? = nil) throws -> EvaluationResult {
        defer { stopSwitch.reset() }
        let evaluator = try Evaluator(estimator: self, input: input, steps: steps)
        let start = try variablesToUse()
        let result = try evaluator.evaluate(globalStep: start.globalStep) { try $0.restore(start) }
        observer?.evaluated(result)
        return result
    }

    /// Predicts with the variables of the newest good checkpoint, or of the starting point, on the CPU, batch by batch
    /// to the end of the input.
    ///
    /// - Parameter body: called for every batch with the predictions by name, each of as many rows as the batch.
    /// - Throws: as ``evaluate(input:steps:)``, and what `body` throws.
    public func predict(
        input: any CallableInput, _ body: (OrderedDictionary<String, HostTensor>) throws -> Void
    ) throws {
        defer { stopSwitch.reset() }
        try TPUContext.checkPositive(input.ownBatchSize, "batch_size")
        let start = try variablesToUse()
        let run = HostRun(
            estimator: self, context: context.withMode(.predict), input: input, batchSize: input.ownBatchSize
        ) { try $0.restore(start) }
        try run.forEachBatch(limit: nil) { tensors, _ in
            var predictions: OrderedDictionary<String, HostTensor> = [:]
            for tensor in tensors { predictions[tensor.name] = tensor }
            try body(predictions)
        }
    }

    /// What is evaluated or predicts: the newest good checkpoint's variables, else the starting point's. Read once, so
    /// that all of a run sees the same ones and a damaged checkpoint is told of once.
    private func variablesToUse() throws -> StartingPoint {
        if let checkpoint = try latestCheckpoint() {
            return StartingPoint(
                variables: NamedArray.dictionary(checkpoint.variables), globalStep: checkpoint.step)
        }
        guard let startingPoint else { throw TrainingError.noCheckpoint }
        return startingPoint
    }
}

extension VariableTransfer {
    /// Sets variables for evaluation or prediction: the optimizer's slots are none of them.
    func restore(_ start: StartingPoint) throws {
        try restore(variables: start.variables, slots: nil, globalStep: start.globalStep)
    }
}
