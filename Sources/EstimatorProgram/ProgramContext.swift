public import Estimator
import Keras
import Synchronization
import Worker
import WorkerProtocol

/// What a job says to the program that does it, and how the program speaks.
///
/// Estimators come from ``estimator(_:batchAxis:)``: they have the job's cores, batch sizes, seed, folder and checkpoints, take the
/// daemon's requests to stop, and report by themselves. ``run(_:training:evaluation:prediction:)`` does with one of them what the
/// job's mode asks for.
public final class ProgramContext: Sendable {
    /// What a job is asked to do.
    public enum Mode: String, Sendable, CaseIterable {
        /// Training alone.
        case train
        /// To evaluate the variables of `warm_start_from`.
        case evaluate
        /// To predict with the variables of `warm_start_from`.
        case predict
        /// To train, and to evaluate at the end and, if asked, in between.
        case trainAndEvaluate = "train_and_evaluate"
    }

    private struct State {
        var estimators: [TPUEstimator] = []
        var predictions: ManifestEntry?
    }

    let attempt: ProgramAttempt
    let observer: FrameObserver
    let session: WorkerSession
    private let prepared: PreparedAttempt
    private let state = Mutex(State())

    /// The attempt that a daemon has assigned, whose folder is locked.
    ///
    /// - Throws: what is wrong with the job's specification or its files.
    init(_ session: WorkerSession, _ prepared: PreparedAttempt, _ observer: FrameObserver) throws {
        let assignment = session.assignment
        attempt = try ProgramAttempt(
            spec: assignment.spec, modelDirectory: assignment.modelDirectory, dataRoots: assignment.dataRoots)
        prepared.limitProcess()
        self.session = session
        self.prepared = prepared
        self.observer = observer
        session.stop.listen(
            onStop: { [weak self] _ in self?.each { $0.requestEnd() } },
            onCheckpoint: { [weak self] in self?.each { $0.requestCheckpoint() } },
            onProfile: { [weak self] steps in self?.state.withLock(\.estimators).last?.requestProfile(steps: steps) })
    }

    // MARK: What the job says

    /// What the job is asked to do.
    public var mode: Mode { Mode(attempt.definition.mode) }
    /// The job's id.
    public var job: String { session.assignment.job }
    /// The number of this attempt, from 1: what an earlier one has kept is in the folder of the model.
    public var attemptNumber: Int { session.assignment.attempt }
    /// The job's own folder, which is also the one that the program is started in.
    public var modelDirectory: String { session.assignment.modelDirectory }
    /// How the job runs: cores, loops, seed, checkpoints. It has no folder: an estimator that the program makes by itself needs another
    /// one than the job's, which those of this context have.
    public var config: RunConfig { attempt.definition.config }
    /// The job's `random_seed`.
    public var seed: UInt64 { attempt.definition.config.randomSeed }
    /// Whether simulated cores are used.
    public var useTPU: Bool { attempt.definition.useTPU }
    /// Cores that share a batch; 1 where the TPU is not used.
    public var numShards: Int { max(1, attempt.definition.numShards) }
    /// Rows of a global batch of training; nil where the job doesn't train.
    public var trainBatchSize: Int? { attempt.definition.trainBatchSize }
    /// Rows of a global batch of evaluation on the TPU; nil: evaluation runs on the CPU.
    public var evalBatchSize: Int? { attempt.definition.evalBatchSize }
    /// Rows of a global batch of prediction; nil: as many as its input has.
    public var predictBatchSize: Int? { attempt.definition.predictBatchSize }
    /// The global step to stop at, the same in every attempt; nil: at the end of the input, or nothing is trained.
    public var maxSteps: Int? { session.assignment.targetStep }
    /// Batches of one evaluation; nil, on the CPU: to the end of the input.
    public var evalSteps: Int? { attempt.definition.evaluation?.steps }
    /// An evaluation at each multiple; nil: only at the end.
    public var evalEverySteps: Int? { attempt.definition.evaluation?.everySteps }
    /// The job's `train.input`; nil where it gives none.
    public var trainInput: (any InputFunction)? { attempt.training }
    /// The job's `evaluate.input`; nil where it gives none.
    public var evalInput: (any InputFunction)? { attempt.evaluation }
    /// The job's `predict.input`; nil where it gives none.
    public var predictInput: (any InputFunction)? { attempt.prediction }

    /// Where a file lies that the job names, as in its `params`: the operator's data roots are looked through in their order.
    ///
    /// - Parameter path: relative to the data roots.
    /// - Returns: its absolute path.
    /// - Throws: a sentence, where no data root has it, or it leads elsewhere.
    public func dataFile(_ path: String) throws -> String { try attempt.path(of: path) }

    // MARK: What the program has

    /// An estimator of a model function, as the job says.
    ///
    /// - Parameters:
    ///   - modelFunction: builds one core's computation.
    ///   - batchAxis: the axis of the batch of each tensor of the input; nil, the default: the first.
    /// - Throws: `EstimatorError` of the first rule that fails.
    public func estimator(
        _ modelFunction: @escaping ModelFunction, batchAxis: [Int]? = nil
    ) throws(EstimatorError) -> TPUEstimator {
        try estimator(DeclaredModelFunction(modelFunction), batchAxis: batchAxis)
    }

    /// An estimator of a model function that declares its parameters; all else as above.
    ///
    /// - Throws: `EstimatorError` of the first rule that fails.
    public func estimator(
        _ modelFunction: DeclaredModelFunction, batchAxis: [Int]? = nil
    ) throws(EstimatorError) -> TPUEstimator {
        let estimator = try attempt.estimator(
            modelFunction, batchAxis: batchAxis, lock: prepared.lock, execution: prepared.execution,
            observer: observer)
        state.withLock { $0.estimators.append(estimator) }
        // It may have been asked for before there was this one.
        if isStopRequested { estimator.requestEnd() }
        return estimator
    }

    /// Whether the daemon wants the job to stop: its estimators do so by themselves. A program that works without them ends by
    /// throwing `TrainingError.stopped`, or is killed when `stop_timeout_seconds` are over.
    public var isStopRequested: Bool { session.stop.intent != nil }

    /// Writes lines to the job's log.
    public func log(_ text: String) { session.sender.say("INFO", text) }

    private func each(_ ask: (TPUEstimator) -> Void) {
        for estimator in state.withLock(\.estimators) { ask(estimator) }
    }

    /// The file of predictions; nil where nothing was predicted.
    var predictions: ManifestEntry? {
        get { state.withLock(\.predictions) }
        set { state.withLock { $0.predictions = newValue } }
    }
}

extension ProgramContext.Mode {
    fileprivate init(_ mode: JobDefinition.Mode) {
        self =
            switch mode {
            case .train: .train
            case .evaluate: .evaluate
            case .predict: .predict
            case .trainAndEvaluate: .trainAndEvaluate
            }
    }
}
