/// How an estimator runs (TensorFlow: `tf.contrib.tpu.RunConfig`).
public struct RunConfig: Sendable, Hashable {
    /// The master of training and prediction (`master`). Default: empty, which is local.
    package var master: String

    /// The master of evaluation (`evaluation_master`). Default: that of training.
    package var evaluationMaster: String

    /// How sessions are configured; nil: there is no session configuration (`session_config`). Default nil.
    package var sessionConfiguration: SessionConfiguration?

    /// The layout on the TPU (`tpu_config`). Default: `TPUConfig.standard`.
    package var tpuConfig: TPUConfig

    /// Where checkpoints and summaries go; nil: a temporary folder is assigned (`model_dir`). Default nil.
    package var modelDirectory: String?

    /// The seed of initial values, dropout and shuffling (`tf_random_seed`). Default 0.
    package var randomSeed: UInt64

    /// Steps between two checkpoints; nil: not by steps (`save_checkpoints_steps`). Default nil.
    package var saveCheckpointsSteps: Int?

    /// Seconds between two checkpoints; nil: not by time (`save_checkpoints_secs`). Default nil.
    package var saveCheckpointsSeconds: Int?

    /// How many checkpoints are kept; 0: all (`keep_checkpoint_max`). Default 5.
    package var keepCheckpointMax: Int

    /// Steps between two summaries (`save_summary_steps`). Default 100.
    package var saveSummarySteps: Int

    /// Seconds between two log lines of loss and step (the source fixes them at 30). Default 30.
    package var logEverySeconds: Int

    /// A run configuration for the simulated TPU of this process.
    ///
    /// - Parameters:
    ///   - tpuConfig: the layout on the TPU. Default: 2 shards, 2 iterations a loop.
    ///   - modelDirectory: where checkpoints go; nil, the default: a temporary folder.
    ///   - randomSeed: the seed of initial values, dropout and shuffling. Default 0.
    ///   - saveCheckpointsSteps: steps between two checkpoints; 0: only one at the end. Default nil: every 1000 steps,
    ///     unless `saveCheckpointsSeconds` is given.
    ///   - saveCheckpointsSeconds: seconds between two checkpoints, in place of steps. Default nil.
    ///   - keepCheckpointMax: how many checkpoints are kept; 0: all. Default 5.
    ///   - logEverySeconds: seconds between two log lines of loss and step. Default 30.
    public init(
        tpuConfig: TPUConfig = .standard,
        modelDirectory: String? = nil,
        randomSeed: UInt64 = 0,
        saveCheckpointsSteps: Int? = nil,
        saveCheckpointsSeconds: Int? = nil,
        keepCheckpointMax: Int = 5,
        logEverySeconds: Int = 30
    ) {
        self.init(
            master: "", tpuConfig: tpuConfig, modelDirectory: modelDirectory, randomSeed: randomSeed,
            saveCheckpointsSteps: saveCheckpointsSteps, saveCheckpointsSeconds: saveCheckpointsSeconds,
            keepCheckpointMax: keepCheckpointMax, logEverySeconds: logEverySeconds)
    }

    /// A run configuration with all that the source's has; `evaluationMaster` nil means the same as `master`.
    package init(
        master: String,
        evaluationMaster: String? = nil,
        sessionConfiguration: SessionConfiguration? = nil,
        tpuConfig: TPUConfig = .standard,
        modelDirectory: String? = nil,
        randomSeed: UInt64 = 0,
        saveCheckpointsSteps: Int? = nil,
        saveCheckpointsSeconds: Int? = nil,
        keepCheckpointMax: Int = 5,
        saveSummarySteps: Int = 100,
        logEverySeconds: Int = 30
    ) {
        self.master = master
        self.evaluationMaster = evaluationMaster ?? master
        self.sessionConfiguration = sessionConfiguration
        self.tpuConfig = tpuConfig
        self.modelDirectory = modelDirectory
        self.randomSeed = randomSeed
        self.saveCheckpointsSteps = saveCheckpointsSteps
        self.saveCheckpointsSeconds = saveCheckpointsSeconds
        self.keepCheckpointMax = keepCheckpointMax
        self.saveSummarySteps = saveSummarySteps
        self.logEverySeconds = logEverySeconds
    }

    /// Refuses what TensorFlow's constructor refuses; the estimator asks.
    ///
    /// - Throws: `EstimatorError.twoCheckpointIntervals` when checkpoints are asked for by steps and by seconds at once;
    ///   `.negative` for the first interval or number of checkpoints below 0; `.notPositive` for the log's interval.
    package func validate() throws(EstimatorError) {
        if saveCheckpointsSteps != nil, saveCheckpointsSeconds != nil { throw .twoCheckpointIntervals }
        let numbers: [(String, Int?)] = [
            ("save_checkpoints_steps", saveCheckpointsSteps), ("save_checkpoints_secs", saveCheckpointsSeconds),
            ("keep_checkpoint_max", keepCheckpointMax), ("save_summary_steps", saveSummarySteps),
        ]
        for case let (name, value?) in numbers where value < 0 { throw .negative(name: name, value: value) }
        try TPUContext.checkPositive(logEverySeconds, "log_every_n_secs")
    }

    /// The master that counts in a mode: evaluation has its own.
    package func master(for mode: ModeKeys) -> String {
        switch mode {
        case .evaluate: evaluationMaster
        case .train, .predict: master
        }
    }
}
