/// The run configuration, the two global batch sizes, the use-TPU flag and a mode, as one immutable value
/// (TensorFlow: `_TPUContext`).
///
/// It validates nothing; the estimator's initializer does. Properties that need a mode throw
/// `EstimatorError.modeNotSet` while there is none.
package struct TPUContext: Sendable, Hashable {
    /// Cores that one host feeds, at most.
    package static let maximumCoresPerHost = 8

    /// The run configuration.
    package let config: RunConfig

    /// The global batch size of training, as given (`train_batch_size`).
    package let trainBatchSize: Int?

    /// The global batch size of evaluation, as given (`eval_batch_size`).
    package let evalBatchSize: Int?

    /// Whether the TPU is to be used at all (`use_tpu`).
    package let useTPU: Bool

    private let assignedMode: ModeKeys?

    /// A context without a mode.
    package init(config: RunConfig, trainBatchSize: Int?, evalBatchSize: Int?, useTPU: Bool = true) {
        self.init(config, trainBatchSize, evalBatchSize, useTPU, mode: nil)
    }

    private init(_ config: RunConfig, _ train: Int?, _ eval: Int?, _ useTPU: Bool, mode: ModeKeys?) {
        self.config = config
        trainBatchSize = train
        evalBatchSize = eval
        self.useTPU = useTPU
        assignedMode = mode
    }

    /// A copy with that mode, or without one; this context stays as it is (`with_mode`).
    package func withMode(_ mode: ModeKeys?) -> TPUContext {
        TPUContext(config, trainBatchSize, evalBatchSize, useTPU, mode: mode)
    }

    /// The mode.
    ///
    /// - Throws: `EstimatorError.modeNotSet`.
    package var mode: ModeKeys {
        get throws(EstimatorError) {
            guard let assignedMode else { throw .modeNotSet }
            return assignedMode
        }
    }

    /// Cores that the computation is replicated on (`num_cores`): the configuration's number of shards.
    package var numCores: Int { config.tpuConfig.numShards }

    /// Cores that each host feeds (`num_of_cores_per_host`).
    package var numOfCoresPerHost: Int { min(numCores, Self.maximumCoresPerHost) }

    /// Hosts (`num_hosts`), rounded down: with a number of cores above 8 that is not a multiple of 8, some belong to none.
    package var numHosts: Int { numCores / numOfCoresPerHost }

    /// Whether the input function is called once for each core (`is_input_sharded_per_core`): in training, when the
    /// per-host option is off. The use-TPU flag plays no part.
    ///
    /// - Throws: `EstimatorError.modeNotSet`.
    package var isInputShardedPerCore: Bool {
        get throws(EstimatorError) {
            try mode == .train && !config.tpuConfig.perHostInputForTraining
        }
    }

    /// Whether each core gets a batch of its host's own input (`is_input_per_host_with_iterators`), in any mode.
    package var isInputPerHostWithIterators: Bool { config.tpuConfig.inputPipeline == .perHostV2 }

    /// Whether all cores get the whole batch of the one call of the input function (`is_input_broadcast_with_iterators`), in any
    /// mode.
    package var isInputBroadcast: Bool { config.tpuConfig.inputPipeline == .broadcast }

    /// The cores that get the same input and hand out the same; nil: each has its own.
    package var coresAlike: Int? { isInputBroadcast ? numCores : nil }

    /// Whether the computation runs on the CPU (`is_running_on_cpu`): when TPU use is off, in prediction, and in
    /// evaluation without an evaluation batch size.
    ///
    /// - Throws: `EstimatorError.modeNotSet`.
    package var isRunningOnCPU: Bool {
        get throws(EstimatorError) {
            switch try mode {
            case .train: !useTPU
            case .evaluate: !useTPU || evalBatchSize == nil
            case .predict: true
            }
        }
    }

    /// The batch size that the input function finds in its parameters; nil: none (`batch_size_for_input_fn`). On the
    /// CPU the one given; on the TPU the global one for each core or each host, rounded down, or the global one itself where
    /// all cores get it.
    ///
    /// - Throws: `EstimatorError.modeNotSet`.
    package var batchSizeForInputFunction: Int? {
        get throws(EstimatorError) {
            if isInputBroadcast { return try batchSize(dividedBy: 1) }
            let isPerCore = try isInputShardedPerCore || isInputPerHostWithIterators
            return try batchSize(dividedBy: isPerCore ? numCores : numHosts)
        }
    }

    /// The batch size that the model function finds in its parameters; nil: none (`batch_size_for_model_fn`). On the
    /// TPU it is always that of one core, rounded down, which is the global one where all cores get the same.
    ///
    /// - Throws: `EstimatorError.modeNotSet`.
    package var batchSizeForModelFunction: Int? {
        get throws(EstimatorError) {
            try batchSize(dividedBy: isInputBroadcast ? 1 : numCores)
        }
    }

    private func batchSize(dividedBy parts: Int) throws(EstimatorError) -> Int? {
        let global: Int? =
            switch try mode {
            case .train: trainBatchSize
            case .evaluate: evalBatchSize
            case .predict: nil
            }
        guard let global, try !isRunningOnCPU else { return global }
        return global.floored(by: parts)
    }
}
