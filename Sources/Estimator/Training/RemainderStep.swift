import Executor

/// The step over a last batch with fewer rows than the others, when training on the CPU: a program of that size on the
/// variables of the usual one, as TensorFlow's Estimator trains it.
final class RemainderStep: Sendable {
    private let estimator: TPUEstimator
    private let context: TPUContext
    private let input: any InputFunction
    private let transfer: VariableTransfer
    private let feeder: InputFeeder

    /// The step behind the full batches that a feeder has handed over.
    ///
    /// - Parameter transfer: the usual program's variables, which the step starts from and leaves its own in.
    init(
        estimator: TPUEstimator, context: TPUContext, input: any InputFunction, transfer: VariableTransfer,
        feeder: InputFeeder
    ) {
        self.estimator = estimator
        self.context = context
        self.input = input
        self.transfer = transfer
        self.feeder = feeder
    }

    /// Runs the step; nil when the input left no such batch.
    ///
    /// - Throws: what building and running a program throw.
    func run() throws -> LoopResult? {
        // A stop may have ended the loop with batches still to come.
        guard estimator.stopSwitch.request == nil, let batch = feeder.takeRemainder() else { return nil }
        let built = try ProgramBuilding(
            modelFunction: estimator.modelFunction, params: estimator.params, features: input.features,
            labels: input.labels
        ).build(
            mode: .train, coreBatchSize: batch.rows, handedBatchSize: try context.batchSizeForModelFunction, shards: 1,
            isOnTPU: false)
        let executor = try estimator.executor(
            for: built, shards: 1, hosts: 1, seed: context.config.randomSeed)
        let short = VariableTransfer(executor: executor, built: built)
        try transfer.copyAll(to: short)
        _ = try executor.infeed.fill(host: 0) { buffers in
            for (buffer, bytes) in zip(buffers, batch.elements) { buffer.copyBytes(from: bytes) }
            return true
        }
        let result = try executor.run(iterations: 1)
        try short.copyAll(to: transfer)
        return result
    }
}
