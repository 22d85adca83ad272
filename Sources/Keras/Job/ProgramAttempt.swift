import Datasets
package import Estimator
package import Formats

/// One attempt of a job that a program does: its data are open, and its estimators are made as the job says.
package struct ProgramAttempt: Sendable {
    /// What the job says.
    package let definition: ProgramDefinition
    /// The training's data; nil where the job gives none.
    package let training: (any InputFunction)?
    /// The evaluation's data; nil where the job gives none.
    package let evaluation: (any InputFunction)?
    /// The data to predict for; nil where the job gives none.
    package let prediction: (any InputFunction)?
    private let start: StartingPoint?
    private let roots: DataRoots
    private let inputs: [DatasetInput]
    private let modelDirectory: String

    /// Reads the specification again and opens its files.
    ///
    /// - Parameters:
    ///   - modelDirectory: The job's own folder.
    ///   - dataRoots: Absolute paths of the folders that the job's files lie under.
    /// - Throws: ``JobAttemptError`` for what is wrong with the job or its files, `TrainingError.machineFailed` where the
    ///   machine could not read them.
    package init(spec: JSON, modelDirectory: String, dataRoots: [String]) throws {
        let roots = DataRoots(dataRoots)
        let faults = SpecErrors()
        let jobs = JobCheckpoints(beside: modelDirectory)
        guard let job = ProgramDefinition.read(spec, roots: roots, jobs: jobs, names: nil, faults: faults) else {
            throw JobAttemptError.of(faults)
        }
        self.roots = roots
        self.modelDirectory = modelDirectory
        definition = job
        do {
            func open(_ input: InputDefinition?) throws(DatasetError) -> DatasetInput? {
                guard let input else { return nil }
                return try DatasetInput(input, roots: roots)
            }
            let (trained, evaluated) = (try open(job.training?.input), try open(job.evaluation?.input))
            let predicted = try open(job.prediction)
            (training, evaluation, prediction) = (trained, evaluated, predicted)
            inputs = [trained, evaluated, predicted].compactMap(\.self)
            start = try job.start.map { place throws(DatasetError) in
                try WarmStart(place, model: .null, roots: roots, jobs: jobs).startingPoint()
            }
        } catch {
            throw JobAttemptError.of(error)
        }
    }

    /// An estimator for this attempt, whose checkpoints the daemon removes.
    ///
    /// - Parameters:
    ///   - batchAxis: the axis of the batch of each tensor of the input; nil: the first.
    ///   - lock: the lock on the model directory.
    /// - Throws: `EstimatorError`.
    package func estimator(
        _ modelFunction: DeclaredModelFunction, batchAxis: [Int]?, lock: ModelDirectoryLock,
        execution: ExecutionOptions, observer: any TrainingObserver
    ) throws(EstimatorError) -> TPUEstimator {
        var config = definition.config
        config.modelDirectory = modelDirectory
        return try TPUEstimator(
            declared: modelFunction, config: config, params: definition.params, useTPU: definition.useTPU,
            trainBatchSize: definition.trainBatchSize ?? (definition.useTPU ? definition.numShards : nil),
            evalBatchSize: definition.evalBatchSize, batchAxis: batchAxis, execution: execution, observer: observer,
            startingPoint: start, lock: lock, prunesCheckpoints: false)
    }

    /// The absolute path of a file under a data root.
    ///
    /// - Throws: ``JobAttemptError`` where there is none, or it leads elsewhere.
    package func path(of file: String) throws -> String {
        do {
            for root in roots.paths.dropLast() {
                if (try? DataRoots([root]).open(file, for: .root)) != nil { return "\(root)/\(file)" }
            }
            // The last one says what is wrong.
            _ = try DataRoots(Array(roots.paths.suffix(1))).open(file, for: .root)
            return "\(roots.paths.last ?? "")/\(file)"
        } catch {
            throw JobAttemptError.of(error)
        }
    }

    /// The first number of the job's data that is NaN or infinite, in words; nil when all are finite. It reads all data.
    package func notFiniteData() -> String? {
        for input in inputs {
            if let found = try? input.firstNotFinite() { return found }
        }
        return nil
    }
}
