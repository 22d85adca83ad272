import Estimator
import Formats

/// Reads the fields of `AUC`.
struct CurveReader: Sendable {
    /// The most thresholds that a metric can have.
    static let mostThresholds = 100_000

    private let area: AreaUnderCurve
    private let thresholds: [Float]
    private let fromLogits: Bool
    /// Whether each label has a curve of its own.
    private let isByLabel: Bool
    private let labelWeights: [Double]?
    private let labelCount: Int?

    init(_ reader: ObjectReader) {
        area = AreaUnderCurve(
            reader.choice("curve", default: .roc), reader.choice("summation_method", default: .interpolation))
        let count = reader.int("num_thresholds", default: 200, in: 2...Self.mostThresholds)
        let given = reader.doubles("thresholds", in: .from(0, to: 1), count: 1...Self.mostThresholds)
        let even = AreaUnderCurve.thresholds(count)
        thresholds = given.map { [even[0]] + $0.sorted().map { Float($0) } + [even[even.count - 1]] } ?? even
        fromLogits = reader.bool("from_logits", default: false)
        isByLabel = reader.bool("multi_label", default: false)
        labelCount = reader.int("num_labels", in: 1...SpecLimit.extent)
        labelWeights = reader.doubles("label_weights", in: .notNegative, count: 1...1_000_000)
        guard !isByLabel else { return }
        for name in ["num_labels", "label_weights"] where reader.has(name) {
            reader.fault(name, "has a meaning only with multi_label true")
        }
    }

    /// What the fields ask of the shapes.
    var check: LossDefinition.Check? {
        guard isByLabel else { return nil }
        return { [labelCount, labelWeights] _, output in
            guard output.count == 1 else {
                return "with multi_label takes one vector a row, not an output of \(output)"
            }
            if let labelCount, labelCount != output[0] {
                return "has num_labels \(labelCount), but the output has \(output[0])"
            }
            if let count = labelWeights?.count, count != output[0] {
                return "has \(count) label_weights, but the output has \(output[0]) labels"
            }
            return nil
        }
    }

    /// The metric.
    func metric(_ place: MetricTable.Place) -> Metric {
        .areaUnderCurve(
            labels: place.labels, predictions: place.predictions, thresholds: thresholds, area: area,
            isByLabel: isByLabel, labelWeights: labelWeights, fromLogits: fromLogits, name: place.name)
    }
}
