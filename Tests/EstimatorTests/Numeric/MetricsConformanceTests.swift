import Estimator
import Formats
import TestSupport
import Testing

/// Streaming metrics over several batches against TensorFlow 1's (`numeric/metrics.json`): the value after each batch.
@Suite(.enabled(if: ProjectFiles.hasCases("numeric/metrics.json"), "\(ProjectFiles.noCases)"))
struct MetricsConformanceTests {
    /// The metrics of a case, one for each number of its value, and the tensors that they read.
    private struct Reading {
        var inputs = ["labels", "predictions"]
        let metrics: [Metric]
    }

    private typealias Make = @Sendable (_ attributes: JSON, _ weights: String?) -> Reading

    private static let make: [String: Make] = [
        "mean": { Reading(inputs: ["values"], metrics: [.mean("values", weights: $1)]) },
        "accuracy": { one(.accuracy(labels: y, predictions: p, weights: $1), $0) },
        "mean_squared_error": { one(.meanSquaredError(labels: y, predictions: p, weights: $1), $0) },
        "root_mean_squared_error": { one(.rootMeanSquaredError(labels: y, predictions: p, weights: $1), $0) },
        "mean_absolute_error": { one(.meanAbsoluteError(labels: y, predictions: p, weights: $1), $0) },
        "precision": { one(.precision(labels: y, predictions: p, weights: $1), $0) },
        "recall": { one(.recall(labels: y, predictions: p, weights: $1), $0) },
        "true_positives": {
            one(.decided(labels: y, predictions: p, decision: yes, weights: $1, name: "m", \.truePositives), $0)
        },
        "false_positives": {
            one(.decided(labels: y, predictions: p, decision: yes, weights: $1, name: "m", \.falsePositives), $0)
        },
        "true_negatives": {
            one(.decided(labels: y, predictions: p, decision: yes, weights: $1, name: "m", \.trueNegatives), $0)
        },
        "false_negatives": {
            one(.decided(labels: y, predictions: p, decision: yes, weights: $1, name: "m", \.falseNegatives), $0)
        },
        "auc": { attributes, weights in
            one(
                .areaUnderCurve(
                    labels: y, predictions: p, thresholds: attributes["num_thresholds"]?.int ?? 0,
                    isPrecisionRecall: attributes["curve"]?.string == "PR", weights: weights), attributes)
        },
        "mean_per_class_accuracy": { attributes, _ in
            one(
                .meanPerClassAccuracy(labels: y, predictions: p, classes: attributes["num_classes"]?.int ?? 0),
                attributes)
        },
        "mean_iou": { attributes, _ in
            one(
                .meanIntersectionOverUnion(labels: y, predictions: p, classes: attributes["num_classes"]?.int ?? 0),
                attributes)
        },
        "in_top_k": { attributes, weights in
            Reading(
                inputs: ["targets", "predictions"],
                metrics: [
                    .sparseTopKCategoricalAccuracy(
                        labels: "targets", scores: p, k: attributes["k"]?.int ?? 0, weights: weights)
                ])
        },
        "precision_at_thresholds": { attributes, weights in
            Reading(
                metrics: thresholds(attributes).map {
                    .decided(
                        labels: y, predictions: p, decision: Decision(above: $0), weights: weights, name: "m",
                        \.precision)
                })
        },
        "recall_at_thresholds": { attributes, weights in
            Reading(
                metrics: thresholds(attributes).map {
                    .decided(
                        labels: y, predictions: p, decision: Decision(above: $0), weights: weights, name: "m", \.recall)
                })
        },
    ]

    private static let (y, p) = ("labels", "predictions")
    private static let yes = Decision()

    private static func one(_ metric: Metric, _: JSON) -> Reading { Reading(metrics: [metric]) }

    private static func thresholds(_ attributes: JSON) -> [Double] {
        attributes["thresholds"]?.array?.compactMap(\.double) ?? []
    }

    @Test func agreesWithTensorFlow() throws {
        let cases = try NumericSuite("metrics").cases
        if ProjectFiles.hasOwnCases { #expect(cases.count == 26) }
        for test in cases { try check(test) }
    }

    private func check(_ test: NumericCase) throws {
        let make = try #require(Self.make[try test.string("metric")], "\(test.id)")
        let batches = try #require(test.json["batches"]?.array)
        let weights = batches.first?["weights"].map { _ in "weights" }
        let reading = make(try #require(test.json["attrs"]), weights)
        let inputs = reading.inputs + (weights.map { [$0] } ?? [])
        let tolerance = try test.tolerance()
        var accumulators = reading.metrics.map { $0.makeAccumulator() }
        func check(_ expected: JSON?, _ what: String) throws {
            let numbers = expected?.array?.compactMap(\.double) ?? expected?.double.map { [$0] } ?? []
            tolerance.check(accumulators.map { Float($0.value) }, numbers.map { Float($0) }, "\(test.id) \(what)")
        }
        try check(test.json["value_before_any_batch"], "before any batch")
        for (number, batch) in batches.enumerated() {
            let arrays = try inputs.map { try test.array(["tensor": try #require(batch[$0])]) }
            for index in accumulators.indices {
                #expect(reading.metrics[index].inputs == inputs)
                try accumulators[index].update(reading.metrics[index].leavingDevice(arrays))
            }
            try check(test.json["value"]?[number], "after batch \(number)")
        }
    }
}
