/// How an estimator runs (TensorFlow: `tf.contrib.tpu.RunConfig`).
public struct RunConfig: Sendable, Hashable {
    /// The master of training and prediction (`master`). Default: empty, which is local.
    public var master: String

    /// The master of evaluation (`evaluation_master`). Default: that of training.
    public var evaluationMaster: String

    /// How sessions are configured; nil: there is no session configuration (`session_config`). Default nil.
    public var sessionConfiguration: SessionConfiguration?

    /// The layout on the TPU (`tpu_config`). Default: `TPUConfig.standard`.
    public var tpuConfig: TPUConfig

    /// Where checkpoints and summaries go; nil: a temporary folder is assigned (`model_dir`). Default nil.
    public var modelDirectory: String?

    /// The seed of initial values, dropout and shuffling (`tf_random_seed`). Default 0.
    public var randomSeed: UInt64

    /// Steps between two checkpoints; nil: not by steps (`save_checkpoints_steps`). Default nil.
    public var saveCheckpointsSteps: Int?

    /// Seconds between two checkpoints; nil: not by time (`save_checkpoints_secs`). Default nil.
    public var saveCheckpointsSeconds: Int?

    /// How many checkpoints are kept; 0: all (`keep_checkpoint_max`). Default 5.
    public var keepCheckpointMax: Int

    /// Steps between two summaries (`save_summary_steps`). Default 100.
    public var saveSummarySteps: Int

    /// Seconds between two log lines of loss and step (the source fixes them at 30). Default 30.
    public var logEverySeconds: Int

    /// A run configuration; `evaluationMaster` nil means the same as `master`.
    public init(
        master: String = "",
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
    public func validate() throws(EstimatorError) {
        if saveCheckpointsSteps != nil, saveCheckpointsSeconds != nil { throw .twoCheckpointIntervals }
        let numbers: [(String, Int?)] = [
            ("save_checkpoints_steps", saveCheckpointsSteps), ("save_checkpoints_secs", saveCheckpointsSeconds),
            ("keep_checkpoint_max", keepCheckpointMax), ("save_summary_steps", saveSummarySteps),
        ]
        for case let (name, value?) in numbers where value < 0 { throw .negative(name: name, value: value) }
        try TPUContext.checkPositive(logEverySeconds, "log_every_n_secs")
    }

    /// The master that counts in a mode: evaluation has its own.
    public func master(for mode: ModeKeys) -> String {
        switch mode {
        case .evaluate: evaluationMaster
        case .train, .predict: master
        }
    }
}
