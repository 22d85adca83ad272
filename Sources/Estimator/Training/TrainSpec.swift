/// Where a training call's data begin.
public enum DataStart: Sendable, Equatable {
    /// At the first record in every call, as in the source.
    case firstRecord
    /// Where the checkpoint that training goes on from was taken: the call continues the one before.
    case checkpoint
}

/// What a training that is evaluated trains on (TensorFlow: `tf.estimator.TrainSpec`).
public struct TrainSpec {
    /// Where batches come from.
    package var input: any CallableInput
    /// The global step to stop at.
    package var maxSteps: Int?
    /// Called around device loops.
    package var hooks: [any SessionHook]
    /// Where the data begin.
    package var dataStart: DataStart

    /// A training.
    ///
    /// - Parameters:
    ///   - input: where batches come from.
    ///   - maxSteps: the global step to stop at; needed on the TPU, nil on the CPU: at the end of the input.
    ///   - hooks: called around device loops, before the estimator's own. Default none.
    ///   - dataStart: where the data begin. Default: at the first record.
    public init(
        input: any CallableInput, maxSteps: Int?, hooks: [any SessionHook] = [], dataStart: DataStart = .firstRecord
    ) {
        self.input = input
        self.maxSteps = maxSteps
        self.hooks = hooks
        self.dataStart = dataStart
    }
}

/// What a training is evaluated on, and when (TensorFlow: `tf.estimator.EvalSpec`). At the end it is evaluated always.
public struct EvalSpec {
    /// What is evaluated on.
    package var input: any CallableInput
    /// Batches of one evaluation; needed on the TPU, nil on the CPU: to the end of the input.
    package var steps: Int?
    /// What the results go by.
    package var name: String?
    /// Called around the runs of each evaluation.
    package var hooks: [any SessionHook]
    /// An evaluation at the first loop boundary at or past each multiple; nil: only at the end.
    package var everySteps: Int?
    /// Seconds between the beginnings of two evaluations, at least.
    package var throttleSeconds: Int
    /// When the evaluations end the training; nil, the default: never.
    package var earlyStopping: EarlyStopping?
    /// Which checkpoints stay because of their evaluations, where the caller removes checkpoints; nil, the default: none.
    package var bestCheckpoints: BestCheckpoints?

    /// What is evaluated, how often and by which name.
    ///
    /// - Parameters:
    ///   - input: what is evaluated on.
    ///   - steps: batches of one evaluation; needed on the TPU, nil on the CPU: to the end of the input.
    ///   - name: what the results go by, in ``EvaluationResult/name``. Default none.
    ///   - hooks: called around the runs of each evaluation, before the estimator's own. Default none.
    ///   - everySteps: an evaluation at the first end of a device loop at or past each multiple; nil, the default: only at
    ///     the end.
    ///   - throttleSeconds: an evaluation that is due earlier than so many seconds after the one before began is left out,
    ///     but for that at the end (`throttle_secs`). Default 0: none is, so that results don't depend on the machine's speed.
    public init(
        input: any CallableInput, steps: Int?, name: String? = nil, hooks: [any SessionHook] = [],
        everySteps: Int? = nil, throttleSeconds: Int = 0
    ) {
        self.input = input
        self.steps = steps
        self.name = name
        self.hooks = hooks
        self.everySteps = everySteps
        self.throttleSeconds = throttleSeconds
    }
}
