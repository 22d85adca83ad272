import Executor

/// The step over a last batch with fewer rows than the others, when training on the CPU: a program of that size on the
/// variables of the usual one, as TensorFlow's Estimator trains it.
final class RemainderStep: Sendable {
    private let estimator: TPUEstimator
    private let building: ProgramBuilding
    private let transfer: VariableTransfer
    private let feeder: InputFeeder

    /// The step behind the full batches that a feeder has handed over.
    ///
    /// - Parameters:
    ///   - building: builds the program of the short batch.
    ///   - transfer: the usual program's variables, which the step starts from and leaves its own in.
    init(
        estimator: TPUEstimator, building: ProgramBuilding, transfer: VariableTransfer,
        feeder: InputFeeder
    ) {
        self.estimator = estimator
        self.building = building
        self.transfer = transfer
        self.feeder = feeder
    }

    /// Runs the step, and gives what it handed out; nil when the input left no such batch.
    ///
    /// - Throws: what building and running a program throw.
    func run() throws -> (result: LoopResult, outfeed: [HostTensor]?)? {
        // A stop may have ended the loop with batches still to come.
        guard estimator.stopSwitch.request == nil, let batch = feeder.takeRemainder() else { return nil }
        let built = try building.build(coreBatchSize: batch.rows).program
        let executor = try estimator.executor(
            for: built, shards: 1, hosts: 1, seed: estimator.context.config.randomSeed)
        let short = VariableTransfer(executor: executor, built: built)
        try transfer.copyAll(to: short)
        _ = try executor.infeed.fill(host: 0) { buffers in
            for (buffer, bytes) in zip(buffers, batch.elements) { buffer.copyBytes(from: bytes) }
            return true
        }
        let result = try executor.run(iterations: 1)
        try short.copyAll(to: transfer)
        return (result, result.notFinite == nil ? try executor.outfeed?.dequeue()?.map { HostTensor($0) } : nil)
    }
}
