import Datasets
package import Estimator
package import Formats

/// One attempt of a job, ready to run: its data are open, its estimator is made.
package struct JobAttempt {
    /// What trains and evaluates.
    package let estimator: TPUEstimator
    /// The training's data; nil where the job doesn't train.
    package let training: (any InputFunction)?
    private let data: [DatasetInput]
    /// The evaluation's data, steps and interval; nil where the job doesn't evaluate.
    package let evaluation: EvalSpec?
    /// The data to predict for, the cores that do, and what makes lines of what is predicted; nil where the job doesn't
    /// predict.
    package let prediction: (input: any InputFunction, shards: Int, lines: PredictionLines)?

    /// Reads the specification again, opens its files and makes the estimator.
    ///
    /// - Parameters:
    ///   - modelDirectory: The job's own folder.
    ///   - lock: The lock on that folder.
    ///   - dataRoots: Absolute paths of the folders that the job's files lie under.
    /// - Throws: ``JobAttemptError`` for what is wrong with the job or its files, `TrainingError.machineFailed` where the
    ///   machine could not read them, `EstimatorError`.
    package init(
        spec: JSON, modelDirectory: String, lock: ModelDirectoryLock, dataRoots: [String],
        execution: ExecutionOptions, observer: any TrainingObserver
    ) throws {
        let roots = DataRoots(dataRoots)
        let faults = SpecErrors()
        let jobs = JobCheckpoints(beside: modelDirectory)
        guard let job = JobDefinition.read(spec, roots: roots, jobs: jobs, faults: faults) else {
            throw JobAttemptError.of(faults)
        }
        do {
            estimator = try job.estimator(
                modelDirectory: modelDirectory, lock: lock, roots: roots, jobs: jobs, execution: execution,
                observer: observer,
                // The daemon removes what is beyond keep_checkpoint_max: what it lists is what is there.
                prunesCheckpoints: false)
            let trained = try job.training.map { try DatasetInput($0.input, roots: roots) }
            let input = try job.evaluation.map { try DatasetInput($0.input, roots: roots) }
            let predicted = try job.prediction.map { try DatasetInput($0, roots: roots) }
            training = trained
            data = [trained, input, predicted].compactMap(\.self)
            prediction = try predicted.map { ($0, job.predictionShards, try job.predictionLines()) }
            evaluation = input.map {
                var spec = EvalSpec(
                    input: $0, steps: job.evaluation?.steps, everySteps: job.evaluation?.everySteps)
                spec.earlyStopping = job.rules.earlyStopping
                spec.bestCheckpoints = job.rules.bestCheckpoints
                return spec
            }
        } catch let error as DatasetError {
            throw JobAttemptError.of(error)
        }
    }

    /// The first number of the data that is NaN or infinite: "row 7 of d.safetensors holds NaN in \"x\" at [3]"; nil when
    /// all are finite. It reads all data: for an attempt whose loss is not finite.
    package func notFiniteData() -> String? {
        for input in data {
            if let found = try? input.firstNotFinite() { return found }
        }
        return nil
    }
}

/// An attempt that ended with a loss that is not finite, and the number in its data that is not finite either.
package struct NotFiniteData: Error, CustomStringConvertible {
    /// What ended the attempt.
    package let error: TrainingError
    /// Where the number is.
    package let place: String

    /// One sentence.
    package var description: String { "\(error); \(place)" }

    /// The error with the number's place, where it is a loss that is not finite and there is such a number; else the
    /// error as it is.
    ///
    /// - Parameter find: looks for such a number, and says in words where one is.
    package static func explaining(_ error: any Error, _ find: () -> String?) -> any Error {
        guard let training = error as? TrainingError, case .notFinite = training, let place = find()
        else { return error }
        return NotFiniteData(error: training, place: place)
    }
}

/// What is wrong with a job that was accepted: its files have changed since.
package enum JobAttemptError: Error, CustomStringConvertible {
    /// The faults of its specification, at least one.
    case faults([SpecError])
    /// Its data can't be read: a sentence.
    case data(String)

    /// One sentence.
    package var description: String {
        switch self {
        case .faults(let faults): faults.map { "\($0.pointer) \($0.detail)" }.joined(separator: "; ")
        case .data(let detail): detail
        }
    }

    /// What ends an attempt whose specification has faults: the machine's condition, where that is behind them.
    static func of(_ faults: SpecErrors) -> any Error {
        machineFault(faults.systemErrors).map(TrainingError.machineFailed) ?? JobAttemptError.faults(faults.all)
    }

    /// What ends an attempt whose files can't be read: the machine's condition, where that is behind it.
    static func of(_ error: DatasetError) -> any Error {
        machineFault(error.systemErrors).map(TrainingError.machineFailed) ?? JobAttemptError.data(error.detail)
    }

    /// The first of the system's numbers that tells of the machine; nil when none does.
    private static func machineFault(_ codes: [Int32]) -> MachineError? {
        codes.lazy.compactMap { MachineError($0, while: "opening the input") }.first
    }
}
