import Glibc
import Graph

/// The area under a curve through the counts at descending thresholds (Keras: `AUC`, TensorFlow: `metrics.auc`).
package struct AreaUnderCurve: Sendable {
    /// What is drawn against what.
    package enum Curve: String, Sendable, CaseIterable {
        /// Recall over the false positive rate.
        case roc = "ROC"
        /// Precision over recall.
        case precisionRecall = "PR"
    }

    /// The height between two points.
    package enum Summation: String, Sendable, CaseIterable {
        /// That of a curve through both: their mean; under precision over recall that of Davis and Goadrich 2006.
        case interpolation
        /// The lower one's.
        case minoring
        /// The higher one's.
        case majoring
    }

    package let curve: Curve
    package let summation: Summation
    /// Whether points are joined by lines under any curve, and 1e-6 is added to numerators and divisors, as in TensorFlow 1.
    let isTrapezoidal: Bool
    private var smoothing: Double { isTrapezoidal ? 1e-6 : 0 }

    /// An area as Keras takes it.
    package init(_ curve: Curve = .roc, _ summation: Summation = .interpolation) {
        self.init(curve, summation, isTrapezoidal: false)
    }

    init(_ curve: Curve, _ summation: Summation, isTrapezoidal: Bool) {
        self.curve = curve
        self.summation = summation
        self.isTrapezoidal = isTrapezoidal
    }

    /// So many thresholds from 0 to 1 at even distances, the outer ones moved out by 1e-7; at least 2.
    package static func thresholds(_ count: Int) -> [Float] { ThresholdTally.even(max(2, count), margin: 1e-7) }

    /// The area under counts at ascending thresholds.
    func callAsFunction(_ counts: [ConfusionCounts]) -> Double {
        if curve == .precisionRecall, summation == .interpolation, !isTrapezoidal { return interpolated(counts) }
        let points = counts.map(point)
        return zip(points, points.dropFirst()).reduce(0) { sum, pair in
            sum + (pair.0.x - pair.1.x) * height(pair.0.y, pair.1.y)
        }
    }

    private func point(_ counts: ConfusionCounts) -> (x: Double, y: Double) {
        let (found, wrong) = (counts.truePositives, counts.falsePositives)
        let recall = (found + smoothing).dividedSafely(by: found + counts.falseNegatives + smoothing)
        switch curve {
        case .roc: return (wrong.dividedSafely(by: wrong + counts.trueNegatives + smoothing), recall)
        case .precisionRecall: return (recall, (found + smoothing).dividedSafely(by: found + wrong + smoothing))
        }
    }

    private func height(_ a: Double, _ b: Double) -> Double {
        switch summation {
        case .interpolation: (a + b) / 2
        case .minoring: min(a, b)
        case .majoring: max(a, b)
        }
    }

    /// Between two points true positives grow with what is found along a line, and precision along a hyperbola.
    private func interpolated(_ counts: [ConfusionCounts]) -> Double {
        zip(counts, counts.dropFirst()).reduce(0) { sum, pair in
            let (lower, upper) = pair
            let more = lower.truePositives - upper.truePositives
            let (all, few) = (lower.found, upper.found)
            let slope = more.dividedSafely(by: max(all - few, 0))
            let intercept = upper.truePositives - slope * few
            let ratio = all > 0 && few > 0 ? all / few : 1
            let area = slope * (more + intercept * log(ratio))
            return sum + area.dividedSafely(by: max(upper.truePositives + upper.falseNegatives, 0))
        }
    }
}

extension ConfusionCounts {
    /// Everything that was found.
    fileprivate var found: Double { truePositives + falsePositives }
}

extension Metric {
    /// The area under the curve of recall over the false positive rate, or of precision over recall, at `thresholds` numbers
    /// from 0 to 1 (TensorFlow: `metrics.auc`; Keras sums without its 1e-6). Predictions are probabilities.
    public static func areaUnderCurve(
        labels: String, predictions: String, thresholds: Int = 200, isPrecisionRecall: Bool = false,
        weights: String? = nil, name: String = "auc"
    ) -> Metric {
        areaUnderCurve(
            labels: labels, predictions: predictions, thresholds: AreaUnderCurve.thresholds(thresholds),
            area: AreaUnderCurve(isPrecisionRecall ? .precisionRecall : .roc, .interpolation, isTrapezoidal: true),
            weights: weights, name: name)
    }

    /// The area under a curve.
    ///
    /// - Parameters:
    ///   - thresholds: ascending, the first below 0 and the last above 1.
    ///   - isByLabel: whether each number of a row has a curve of its own, and the metric is the mean of their areas. Default
    ///     false: all numbers are on one curve.
    ///   - labelWeights: the areas' weights in that mean; nil: all weigh the same.
    ///   - fromLogits: whether predictions are logits, whose sigmoids count.
    package static func areaUnderCurve(
        labels: String, predictions: String, thresholds: [Float], area: AreaUnderCurve, isByLabel: Bool = false,
        labelWeights: [Double]? = nil, fromLogits: Bool = false, weights: String? = nil, name: String
    ) -> Metric {
        let inputs = [labels, predictions] + (weights.map { [$0] } ?? [])
        return Metric(name: name, inputs: inputs) { tensors in
            [tensors[0], fromLogits ? tensors[1].sigmoid() : tensors[1]] + tensors.dropFirst(2)
        } makeAccumulator: {
            ThresholdAccumulator(thresholds: thresholds, isByLabel: isByLabel) { counts in
                let weights = labelWeights ?? [Double](repeating: 1, count: counts.count)
                let sum = zip(counts, weights).reduce(0) { $0 + area($1.0) * $1.1 }
                return sum.dividedSafely(by: weights.reduce(0, +))
            }
        }
    }
}
