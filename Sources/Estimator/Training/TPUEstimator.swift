import Executor
import Glibc
import OrderedCollections
import Synchronization

/// Trains and evaluates a model on simulated TPU cores (TensorFlow: `TPUEstimator`).
///
/// The model function sees one core's batch; the estimator replicates what it builds over `num_shards` cores, feeds
/// them from host threads, runs device loops of `iterations_per_loop` steps, and writes checkpoints to the `model_dir`,
/// from which the next call goes on. The same arguments give the same bytes, whatever the number of threads, of hosts
/// or the iterations per loop.
///
/// Calls block the calling thread until they are done; one call at a time. ``requestStop(checkpoint:)`` may come from
/// any thread.
public final class TPUEstimator: Sendable {
    /// Configuration, batch sizes and the use-TPU flag, without a mode.
    package let context: TPUContext
    /// The user's parameters.
    package let params: ModelParameters
    /// Is told how a run goes; nil: log lines and progress go nowhere.
    package let observer: (any TrainingObserver)?
    /// Threads, lanes and queues that programs are run with.
    package let execution: ExecutionOptions

    let modelFunction: DeclaredModelFunction
    /// Each input tensor's axis of the batch; nil: the first.
    let batchAxis: [Int]?
    let startingPoint: StartingPoint?
    let demandsWholeInput: Bool
    private let prunesCheckpoints: Bool
    let stopSwitch = StopSwitch()
    let profiler = ProfileRecorder()
    private let heldLock: ModelDirectoryLock?
    let checkpointFiles: any CheckpointFiles
    private let temporaryDirectory = Mutex<String?>(nil)
    /// Whether the log has it that bfloat16 is emulated.
    let isEmulationTold = Atomic(false)

    /// An estimator; rules K1 to K3 of the source, and `RunConfig.validate()`.
    ///
    /// - Parameters:
    ///   - modelFunction: builds one core's computation.
    ///   - modelDirectory: where checkpoints go; nil, the default: where the configuration says, else a temporary folder.
    ///   - config: the run configuration. Nil is refused, and so is another `modelDirectory` than the one given here.
    ///   - params: the user's parameters, handed to model and input function.
    ///   - useTPU: whether the TPU is used at all. Default true.
    ///   - trainBatchSize: the global batch size of training; needed with `useTPU`, a multiple of the shards.
    ///   - evalBatchSize: the global batch size of evaluation; nil: evaluation runs on the CPU.
    ///   - batchAxis: the axis of the batch of each tensor of the input, features before labels, for input that comes a host at
    ///     a time; nil, the default: the first axis.
    ///   - execution: threads, lanes and queues that programs are run with. Default: one thread.
    ///   - observer: is told how a run goes; nil, the default: log lines and progress go nowhere.
    /// - Throws: `EstimatorError` of the first rule that fails.
    public convenience init(
        modelFunction: @escaping ModelFunction, modelDirectory: String? = nil, config: RunConfig? = RunConfig(),
        params: ModelParameters = ModelParameters(), useTPU: Bool = true, trainBatchSize: Int? = nil,
        evalBatchSize: Int? = nil, batchAxis: [Int]? = nil, execution: ExecutionOptions = ExecutionOptions(),
        observer: (any TrainingObserver)? = nil
    ) throws(EstimatorError) {
        try self.init(
            modelFunction: DeclaredModelFunction(modelFunction), modelDirectory: modelDirectory, config: config,
            params: params, useTPU: useTPU, trainBatchSize: trainBatchSize, evalBatchSize: evalBatchSize,
            batchAxis: batchAxis, execution: execution, observer: observer)
    }

    /// An estimator of a model function that declares its parameters, and may return a plain spec; all else as above.
    ///
    /// - Throws: `EstimatorError` of the first rule that fails.
    public convenience init(
        modelFunction: DeclaredModelFunction, modelDirectory: String? = nil, config: RunConfig? = RunConfig(),
        params: ModelParameters = ModelParameters(), useTPU: Bool = true, trainBatchSize: Int? = nil,
        evalBatchSize: Int? = nil, batchAxis: [Int]? = nil, execution: ExecutionOptions = ExecutionOptions(),
        observer: (any TrainingObserver)? = nil
    ) throws(EstimatorError) {
        guard var config else { throw .configMissing }
        if let modelDirectory {
            if let other = config.modelDirectory, other != modelDirectory {
                throw .modelDirectoriesDiffer(modelDirectory, config: other)
            }
            config.modelDirectory = modelDirectory
        }
        try self.init(
            declared: modelFunction, config: config, params: params, useTPU: useTPU,
            trainBatchSize: trainBatchSize, evalBatchSize: evalBatchSize, batchAxis: batchAxis, execution: execution,
            observer: observer, startingPoint: nil, demandsWholeInput: false)
    }

    /// An estimator for a job.
    ///
    /// - Parameters:
    ///   - startingPoint: values to start from while the `model_dir` has no checkpoint; nil: the initializers'.
    ///   - lock: the lock on the `model_dir` if the caller holds it; nil: training takes it for its duration.
    ///   - checkpointFiles: how checkpoints are written; default the real file system.
    ///   - prunesCheckpoints: whether the oldest checkpoints beyond `keep_checkpoint_max` are removed here; false where
    ///     the caller does it. Default true.
    ///   - demandsWholeInput: whether an input that ends before the steps that were asked for is an error on the CPU,
    ///     too, where the source takes it for a proper end. Default true.
    package convenience init(
        modelFunction: @escaping ModelFunction, config: RunConfig, params: ModelParameters, useTPU: Bool,
        trainBatchSize: Int?, evalBatchSize: Int?, execution: ExecutionOptions, observer: (any TrainingObserver)?,
        startingPoint: StartingPoint?, lock: ModelDirectoryLock? = nil,
        checkpointFiles: any CheckpointFiles = POSIXCheckpointFiles(), prunesCheckpoints: Bool = true,
        demandsWholeInput: Bool = true
    ) throws(EstimatorError) {
        try self.init(
            declared: DeclaredModelFunction(modelFunction), config: config, params: params, useTPU: useTPU,
            trainBatchSize: trainBatchSize, evalBatchSize: evalBatchSize, execution: execution, observer: observer,
            startingPoint: startingPoint, lock: lock, checkpointFiles: checkpointFiles,
            prunesCheckpoints: prunesCheckpoints, demandsWholeInput: demandsWholeInput)
    }

    /// An estimator of a model function that declares its parameters, with all that the initializers above have.
    package init(
        declared modelFunction: DeclaredModelFunction, config: RunConfig, params: ModelParameters, useTPU: Bool,
        trainBatchSize: Int?, evalBatchSize: Int?, batchAxis: [Int]? = nil, execution: ExecutionOptions,
        observer: (any TrainingObserver)? = nil, startingPoint: StartingPoint?, lock: ModelDirectoryLock? = nil,
        checkpointFiles: any CheckpointFiles = POSIXCheckpointFiles(), prunesCheckpoints: Bool = true,
        demandsWholeInput: Bool = true
    ) throws(EstimatorError) {
        try config.validate()
        if params.values[ModelParameters.reservedKey] != nil {
            throw .reservedParameters([ModelParameters.reservedKey])
        }
        if useTPU {
            try Self.check(train: trainBatchSize, eval: evalBatchSize, config.tpuConfig)
        }
        context = TPUContext(
            config: config, trainBatchSize: trainBatchSize, evalBatchSize: evalBatchSize, useTPU: useTPU)
        self.modelFunction = modelFunction
        self.batchAxis = batchAxis
        self.params = params
        self.execution = execution
        self.observer = observer
        self.startingPoint = startingPoint
        heldLock = lock
        self.checkpointFiles = checkpointFiles
        self.prunesCheckpoints = prunesCheckpoints
        self.demandsWholeInput = demandsWholeInput
    }

    private static func check(train: Int?, eval: Int?, _ config: TPUConfig) throws(EstimatorError) {
        let shards = config.numShards
        guard let train else { throw .trainBatchSizeMissing }
        guard train >= 1 else { throw .trainBatchSizeNotPositive(train) }
        // All cores get the whole batch, however many rows it has.
        let isShared = config.inputPipeline != .broadcast
        guard !isShared || train % shards == 0 else {
            throw .trainBatchSizeNotDivisible(batchSize: train, numShards: shards)
        }
        guard let eval else { return }
        guard shards <= TPUContext.maximumCoresPerHost || config.multiHostEvaluation || !isShared else {
            throw .multiHostEvaluation
        }
        guard !isShared || eval % shards == 0 else {
            throw .evalBatchSizeNotDivisible(batchSize: eval, numShards: shards)
        }
    }

    /// Asks the running call, or the next one, to stop at the coming step boundary; from any thread.
    ///
    /// - Parameter checkpoint: true: training writes a checkpoint of what it has reached first. False wins when both
    ///   are asked for.
    public func requestStop(checkpoint: Bool) { stopSwitch.ask(checkpoint ? .keeping : .discarding) }

    /// Asks the running call, and each that follows, to stop at the coming step boundary; training writes a checkpoint first.
    /// From any thread. A training that stops so throws ``TrainingError/stopped``: whoever called it has nothing left to do.
    package func requestEnd() { stopSwitch.ask(.keeping, isLasting: true) }

    /// Asks the running training to write a checkpoint at the coming loop boundary; from any thread. Does nothing when none
    /// is running.
    public func requestCheckpoint() { stopSwitch.askForCheckpoint() }

    /// Asks the running training, or the next one, to trace its next steps: a job's observer gets the profile. From any thread.
    package func requestProfile(steps: Int) { profiler.request(steps: steps) }

    // MARK: What the calls share

    /// The `model_dir`: the configuration's, else a temporary folder made at first use.
    ///
    /// - Throws: ``TrainingError/checkpointFailed(detail:)`` when none can be made.
    public func modelDirectory() throws(TrainingError) -> String {
        if let directory = context.config.modelDirectory { return directory }
        let made = temporaryDirectory.withLock { directory -> String? in
            if let directory { return directory }
            var template = Array("/tmp/tpu_estimator.XXXXXX".utf8CString)
            guard mkdtemp(&template) != nil else { return nil }
            directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            return directory
        }
        guard let made else { throw .checkpointFailed(detail: SystemText.of(errno)) }
        return made
    }

    /// The checkpoints of the `model_dir`.
    ///
    /// - Throws: what ``modelDirectory()`` throws.
    package func checkpointStore() throws(TrainingError) -> CheckpointStore {
        CheckpointStore(
            modelDirectory: try modelDirectory(), keepMax: prunesCheckpoints ? context.config.keepCheckpointMax : 0,
            files: checkpointFiles)
    }

    /// The lock on the `model_dir`: the caller's, or one of this call's own.
    func lock() throws(TrainingError) -> ModelDirectoryLock {
        if let heldLock { return heldLock }
        do {
            guard let lock = try ModelDirectoryLock(modelDirectory: try modelDirectory()) else {
                throw TrainingError.modelDirectoryInUse
            }
            return lock
        } catch let fault as CheckpointFileError {
            throw TrainingError(fault, while: "locking the model directory")
        } catch let error as TrainingError {
            throw error
        } catch {
            throw .checkpointFailed(detail: "\(error)")
        }
    }

    /// The newest good checkpoint; damaged ones are logged and skipped.
    func latestCheckpoint() throws(TrainingError) -> Checkpoint? {
        let store = try checkpointStore()
        do {
            return try store.latestGood { step, fault in
                observer?.logged(.warning, "Checkpoint \(step) is skipped: \(fault).")
                observer?.checkpointDamaged(step: step, detail: fault)
            }
        } catch {
            throw TrainingError(error, while: "reading a checkpoint")
        }
    }

    /// A tracer whose log lines go to the observer, and all events to the options' tracer.
    var tracer: EventTracer {
        let (observer, all) = (observer, execution.tracer)
        return EventTracer { record in
            if case .log(let level, let text) = record.event { observer?.logged(level, text) }
            all.record(record.event)
        }
    }
}
