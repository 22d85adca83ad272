package import Datasets
package import Estimator
package import Formats
import Graph
package import OrderedCollections

/// The training part of a job: everything that says what is computed (contract section 4). It is read from the spec's
/// JSON, at submit to check and plan it, and again in the worker to run it.
package struct JobDefinition: Sendable {
    /// What a job does.
    package enum Mode: String, Sendable, CaseIterable {
        /// Training alone.
        case train
        /// Evaluates the variables of `warm_start_from`.
        case evaluate
        /// Predicts with the variables of `warm_start_from`.
        case predict
        /// Trains, and evaluates at the end and, if asked, in between.
        case trainAndEvaluate = "train_and_evaluate"

        /// Whether variables are trained.
        package var trains: Bool { self == .train || self == .trainAndEvaluate }
        /// Whether an evaluation is part of it.
        package var evaluates: Bool { self == .evaluate || self == .trainAndEvaluate }
    }

    /// What the job does.
    package let mode: Mode
    /// Whether simulated cores are used. Default true.
    package let useTPU: Bool
    /// The global batch size of training; nil where the job doesn't train.
    package let trainBatchSize: Int?
    /// The global batch size of evaluation; nil: evaluation runs on the CPU, in batches of its input's size.
    package let evalBatchSize: Int?
    /// The run configuration, without a model directory.
    package let config: RunConfig
    /// The user's parameters.
    package let params: ModelParameters
    /// The training; nil where the job doesn't train.
    package let training: TrainingSection?
    /// The evaluation; nil where the job doesn't evaluate.
    package let evaluation: EvaluationSection?
    /// The data to predict for; nil where the job doesn't predict.
    let prediction: InputDefinition?
    /// Cores that share a batch of prediction; 1: the CPU predicts.
    let predictionShards: Int
    /// What is made of evaluations between training.
    let rules: EvaluationRules
    /// Where initial variables come from; nil: from the initializers.
    let start: WarmStart.Place?
    /// What the optimizer goes on with; nil: it starts anew.
    let slots: OptimizerSlots?
    /// Every training field with its default filled in, in the contract's order.
    package let canonical: OrderedDictionary<String, JSON>

    let model: KerasModel
    let outputs: [OutputDefinition]
    let optimizer: (any Optimizer)?
    let reduction: CrossShardOptimizer.Reduction
    /// The shape of one row of each of the model's inputs.
    let rows: [[Int]]

    /// The `train` section.
    package struct TrainingSection: Sendable {
        /// How many steps more; at most one of both is given.
        package let steps: Int?
        /// The global step to stop at.
        package let maxSteps: Int?
        /// How much rows count by their classes; nil: all the same.
        let classWeights: ClassWeights?
        /// The data.
        package let input: InputDefinition
    }

    /// The `evaluate` section.
    package struct EvaluationSection: Sendable {
        /// Batches of one evaluation; nil, on the CPU: to the end of the input.
        package let steps: Int?
        /// An evaluation at each multiple; nil: only at the end.
        package let everySteps: Int?
        /// The data.
        package let input: InputDefinition
    }

    /// The global step before the job's first one.
    package var firstStep: Int { start?.firstStep ?? 0 }

    /// Cores that the job holds; 0 without a TPU.
    package var numShards: Int { useTPU ? config.tpuConfig.numShards : 0 }

    /// An estimator for one attempt of the job.
    ///
    /// - Parameters:
    ///   - modelDirectory: the job's own folder, whose newest good checkpoint it goes on from.
    ///   - lock: the lock on that folder, held by the caller.
    /// - Throws: `DatasetError` for the files to start from, `EstimatorError`.
    package func estimator(
        modelDirectory: String, lock: ModelDirectoryLock?, roots: DataRoots,
        jobs: JobCheckpoints = JobCheckpoints(folder: nil), execution: ExecutionOptions,
        observer: (any TrainingObserver)?, prunesCheckpoints: Bool = true
    ) throws -> TPUEstimator {
        var config = config
        config.modelDirectory = modelDirectory
        let plan = try model.plan(rows)
        let start = try start.map {
            try WarmStart($0, model: canonical["model"] ?? .null, roots: roots, jobs: jobs).startingPoint(plan)
        }
        return try TPUEstimator(
            modelFunction: modelFunction, config: config, params: params, useTPU: useTPU,
            trainBatchSize: trainBatchSize ?? (useTPU ? config.tpuConfig.numShards : nil), evalBatchSize: evalBatchSize,
            execution: execution, observer: observer,
            startingPoint: start, lock: lock, prunesCheckpoints: prunesCheckpoints)
    }

    /// What makes lines of the model's outputs.
    func predictionLines() throws -> PredictionLines { PredictionLines(outputs, shapes: try model.plan(rows).outputs) }

    /// Opens the training's data.
    ///
    /// - Throws: `DatasetError`.
    package func trainingInput(_ roots: DataRoots) throws -> (any InputFunction)? {
        try training.map { try DatasetInput($0.input, roots: roots) }
    }

    /// Opens the evaluation's data.
    ///
    /// - Throws: `DatasetError`.
    package func evaluationInput(_ roots: DataRoots) throws -> (any InputFunction)? {
        try evaluation.map { try DatasetInput($0.input, roots: roots) }
    }
}
