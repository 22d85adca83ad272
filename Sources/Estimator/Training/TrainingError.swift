/// What ends a training, evaluation or prediction that had started properly. What the source itself refuses is an
/// ``EstimatorError``.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
    /// The loss or a variable is not finite after this step (the first one, counted from 1 as global steps are);
    /// `variable` is nil when only the loss is. The last checkpoint before it is kept, nothing is written.
    case notFinite(step: Int, variable: String?)
    /// The input ended before the steps were done.
    case inputExhausted(InputExhaustion)
    /// The input could not be read: the detail says where, as a sentence for the job's author.
    case inputFailed(detail: String)
    /// Another run holds the `model_dir`.
    case modelDirectoryInUse
    /// There is neither a checkpoint nor a starting point to evaluate or predict with.
    case noCheckpoint
    /// The checkpoint that was asked for is not in the `model_dir`, or is damaged; it has folders for these steps.
    case checkpointMissing(step: Int, others: [Int])
    /// A stop was requested before there was a result.
    case stopped
    /// A checkpoint or a starting point lacks this variable.
    case variableMissing(name: String)
    /// A checkpoint or a starting point holds this variable with another type or shape.
    case variableMismatch(name: String, found: String, expected: String)
    /// The machine lacks something; the run would go well another time.
    case machineFailed(MachineError)
    /// A checkpoint could not be written or read.
    case checkpointFailed(detail: String)
    /// The model function, or what it built, is at fault.
    case modelFailed(detail: String)
    /// The function of a host call failed.
    case hostCallFailed(detail: String)
    /// The executor failed.
    case executionFailed(detail: String)

    /// One sentence.
    public var description: String {
        switch self {
        case .notFinite(let step, let variable?): "variable \(variable) is not finite after step \(step)"
        case .notFinite(let step, nil): "the loss of step \(step) is not finite"
        case .inputExhausted(let what): what.description
        case .inputFailed(let detail): "the input could not be read: \(detail)"
        case .modelDirectoryInUse:
            "another run holds the model directory: wait until it has ended, or use another directory"
        case .noCheckpoint: "the model directory has no checkpoint to start from: train first"
        case .checkpointMissing(let step, let others):
            "the model directory has no good checkpoint at step \(step): "
                + (others.isEmpty ? "train first" : "it has \(others.map(String.init).joined(separator: ", "))")
        case .stopped: "a stop was requested before there was a result"
        case .variableMissing(let name): "variable \(name) is not among the values to start from"
        case .variableMismatch(let name, let found, let expected):
            "variable \(name) is \(found) in the values to start from, the model has \(expected)"
        case .machineFailed(let fault): fault.description
        case .checkpointFailed(let detail): "the checkpoint failed: \(detail)"
        case .modelFailed(let detail): "the model can't be built: \(detail)"
        case .hostCallFailed(let detail): "the function of host_call failed: \(detail)"
        case .executionFailed(let detail): "the executor failed: \(detail)"
        }
    }
}

extension TrainingError {
    /// What came of an effect on checkpoints: a condition of the machine, or else a checkpoint that failed.
    package init(_ fault: CheckpointFileError, while activity: String) {
        self =
            MachineError(fault, while: activity).map(Self.machineFailed) ?? .checkpointFailed(detail: fault.description)
    }

    /// What reading the input met: a condition of the machine, or else an input that can't be read.
    init(input error: any Error) {
        self =
            error as? TrainingError ?? MachineError(error, while: "reading the input").map(Self.machineFailed)
            ?? .inputFailed(detail: "\(error)")
    }
}

/// How far an input reached when it ended too early.
public struct InputExhaustion: Sendable, Equatable, CustomStringConvertible {
    /// Rows that the input gave in full batches since its first record.
    package var rows: Int
    /// Rows of a global batch.
    package var batchSize: Int
    /// Steps that these rows were enough for.
    package var stepsDone: Int
    /// Steps that were asked for.
    package var stepsAsked: Int

    /// An input that ended after `rows` rows.
    package init(rows: Int, batchSize: Int, stepsDone: Int, stepsAsked: Int) {
        self.rows = rows
        self.batchSize = batchSize
        self.stepsDone = stepsDone
        self.stepsAsked = stepsAsked
    }

    /// One sentence with all four numbers.
    public var description: String {
        "the input ended after \(rows) rows, enough for \(stepsDone) steps of batch \(batchSize); "
            + "\(stepsAsked) steps were asked for"
    }
}
