import Estimator
import Graph

/// One output of a job's model as it is trained and evaluated.
struct OutputDefinition: Sendable {
    /// A metric of it.
    struct Measure: Sendable {
        /// Over ``labelsName`` and ``predictionsName``, with the name that it has in the results.
        let metric: Metric
        /// Whether what the output's mask leaves out does not count.
        let heedsMasks: Bool
        /// Whether rows count by their sample weights.
        let isWeighted: Bool
    }

    /// The name of the layer that gives it.
    let name: String
    /// Nil: it is not trained.
    let loss: LossDefinition?
    /// What the loss is multiplied by in the sum of all.
    let weight: Double
    /// What its numbers are, where it is one axis of classes; nil: none of that, or nobody can know.
    let scores: ClassScores?
    var metrics: [Measure]
    /// Whether it is one of several: then the names of its results begin with its own.
    let isOneOfSeveral: Bool

    /// The outfeed's tensor of the labels.
    var labelsName: String { isOneOfSeveral ? "\(name)/\(MetricReader.labels)" : MetricReader.labels }
    /// The outfeed's tensor of the output.
    var predictionsName: String { isOneOfSeveral ? "\(name)/\(MetricReader.predictions)" : MetricReader.predictions }
    /// The outfeed's tensor of the output's mask.
    var maskName: String { "\(name)/mask" }
    /// The outfeed's tensor of what rows count, without and with the output's mask.
    func weightsName(isMasked: Bool) -> String { isMasked ? "\(name)/masked_weights" : "\(name)/weights" }
    /// The outfeed's tensor of the loss, one number a row: all the same.
    var lossName: String { "\(name)/loss" }
}
