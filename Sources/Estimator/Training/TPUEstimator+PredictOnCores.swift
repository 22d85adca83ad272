package import OrderedCollections

extension TPUEstimator {
    /// Predicts with the variables of a checkpoint, or of the starting point, on simulated TPU cores, each of which has its
    /// part of every batch; on one, as on the CPU. A last batch with fewer rows is filled up, and what is predicted for that is left
    /// out.
    ///
    /// - Parameters:
    ///   - input: where batches come from.
    ///   - checkpoint: the step of the checkpoint that predicts; nil: the newest good one.
    ///   - shards: the cores, of which an input's batch has a multiple of rows.
    ///   - body: called for every batch with the predictions by name, each of as many rows as the batch.
    /// - Throws: as ``evaluate(input:steps:hooks:checkpoint:name:)``, and what `body` throws.
    package func predict(
        input: any CallableInput, checkpoint: Int? = nil, shards: Int,
        _ body: (OrderedDictionary<String, HostTensor>) throws -> Void
    ) throws {
        defer { stopSwitch.reset() }
        try TPUContext.checkPositive(input.ownBatchSize, "batch_size")
        let start = try variablesToUse(checkpoint)
        let run = HostRun(
            estimator: self, context: context.withMode(.predict), input: input, batchSize: input.ownBatchSize,
            shards: max(1, shards)
        ) { try $0.restore(start) }
        while try run.next() != nil, let batch = try run.run() {
            var predictions: OrderedDictionary<String, HostTensor> = [:]
            for tensor in batch.tensors { predictions[tensor.name] = tensor }
            try body(predictions)
        }
    }
}
