public import OrderedCollections

/// How a call of ``TPUEstimator/train(input:steps:maxSteps:hooks:dataStart:)`` ended without an error.
public struct TrainingResult: Sendable, Equatable {
    /// The global step that was reached.
    public var globalStep: Int
    /// Core 0's loss of the last step, which for a job may be a step of an earlier run; nil when no step ran.
    public var loss: Double?
    /// Why it ended.
    public var ending: Ending
    /// The evaluation at the end, where one was asked for and training finished.
    public var evaluation: EvaluationResult?
    /// Why its evaluations ended the training before its last step: a sentence; nil: they did not.
    package var stoppedEarly: String?

    /// Why a training ended.
    public enum Ending: Sendable, Equatable {
        /// The last step was done, or had been before.
        case finished
        /// The input ended first, which ends training on the CPU without an error (on the TPU it is an error).
        case inputEnded(InputExhaustion)
        /// A stop was requested; `checkpointed` tells whether what was reached is kept.
        case stopped(checkpointed: Bool)

        /// Whether it would have gone on.
        var isStop: Bool { if case .stopped = self { true } else { false } }
    }

    /// A training that ended at `globalStep`.
    package init(globalStep: Int, loss: Double?, ending: Ending, evaluation: EvaluationResult? = nil) {
        self.globalStep = globalStep
        self.loss = loss
        self.ending = ending
        self.evaluation = evaluation
    }
}

/// What an evaluation found.
public struct EvaluationResult: Sendable, Equatable {
    /// The name that was given to the evaluation, which tells its results from others' (TensorFlow: the directory
    /// `eval_<name>`); nil: none.
    public var name: String?
    /// The global step of the variables that were evaluated.
    public var globalStep: Int
    /// The loss as the source reports it: on the TPU the mean over the steps of core 0's loss, on the CPU the mean over
    /// the batches, each batch counting the same.
    public var loss: Double
    /// The mean loss over all rows of all cores, as Keras' `evaluate` and as jobs report it.
    public var rowMeanLoss: Double
    /// Metrics by name, in the order of the model function.
    public var metrics: OrderedDictionary<String, Double>
    /// Rows that were evaluated.
    public var rows: Int
    /// Steps that were run.
    public var steps: Int

    /// The numbers of one evaluation.
    package init(
        name: String? = nil, globalStep: Int, loss: Double, rowMeanLoss: Double,
        metrics: OrderedDictionary<String, Double>, rows: Int, steps: Int
    ) {
        self.name = name
        self.globalStep = globalStep
        self.loss = loss
        self.rowMeanLoss = rowMeanLoss
        self.metrics = metrics
        self.rows = rows
        self.steps = steps
    }
}

extension EvaluationResult {
    /// The numbers as a job reports them: the loss is the mean over all rows, as Keras' `evaluate`.
    package var reported: ReportedSeries.Evaluation {
        func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
        var values: OrderedDictionary<String, Double?> = [EvaluationTotals.reportedLossName: finite(rowMeanLoss)]
        for (name, value) in metrics { values.updateValue(finite(value), forKey: name) }
        return ReportedSeries.Evaluation(step: globalStep, values: values)
    }
}
