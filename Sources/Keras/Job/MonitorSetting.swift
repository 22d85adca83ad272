import Estimator
import Formats

/// The members `monitor` and `mode` as Keras' callbacks have them, before it is known what the evaluations measure.
struct MonitorSetting {
    /// Keras' words for which numbers are better.
    enum Mode: String, CaseIterable {
        /// By the name.
        case auto
        case min
        case max
    }

    private let pointer: JSONPointer
    private let name: String
    private let mode: Mode

    init(_ reader: ObjectReader) {
        pointer = reader.pointer
        name = reader.string("monitor", default: EvaluationTotals.reportedLossName, maxLength: 200)
        mode = reader.choice("mode", default: Mode.auto)
    }

    /// What is monitored in evaluations of these outputs; nil, with a fault, where they don't measure it, or where nobody
    /// can know which numbers are better.
    func resolved(_ outputs: [OutputDefinition], _ faults: SpecErrors) -> MonitoredNumber? {
        let names = Self.names(outputs)
        guard names.contains(name) else {
            let plain = name.hasPrefix("val_") ? String(name.dropFirst(4)) : name
            let hint =
                names.contains(plain)
                ? "; take Keras' val_ off: \(plain.quotedForMessage)"
                : faults.nearest(to: plain, among: names)
            faults.add(
                pointer.appending("monitor"),
                "must be a number of the evaluations, one of \(names.quotedForMessage()), not \(name.quotedForMessage)\(hint)"
            )
            return nil
        }
        switch mode {
        case .min: return MonitoredNumber(name: name, mode: .min)
        case .max: return MonitoredNumber(name: name, mode: .max)
        case .auto:
            guard let known = Self.knownMode(name) else {
                faults.add(
                    pointer.appending("mode"),
                    "is required: whether larger or smaller numbers are better can't be told from the name "
                        + "\(name.quotedForMessage); expected \"max\" or \"min\"")
                return nil
            }
            return MonitoredNumber(name: name, mode: known)
        }
    }

    /// What evaluations are reported with (``ReportedSeries/Evaluation``).
    private static func names(_ outputs: [OutputDefinition]) -> [String] {
        let losses = outputs.filter { $0.isOneOfSeveral && $0.loss != nil }.map { "\($0.name)_loss" }
        return [EvaluationTotals.reportedLossName] + losses + outputs.flatMap { $0.metrics.map(\.metric.name) }
    }

    /// The better direction of what a name ends with, as Keras' metrics have it; `MeanSquaredError` is mean_squared_error.
    private static func knownMode(_ given: String) -> MonitoredNumber.Mode? {
        let name = given.replacing(#/([a-z0-9])([A-Z])/#) { "\($0.1)_\($0.2)" }.lowercased()
        func ends(_ words: [String]) -> Bool { words.contains { name == $0 || name.hasSuffix("_\($0)") } }
        return ends(rising) ? .max : ends(falling) ? .min : nil
    }

    private static let rising = [
        "acc", "accuracy", "auc", "precision", "recall", "precision_at_recall", "recall_at_precision",
        "sensitivity_at_specificity", "specificity_at_sensitivity", "f1_score", "fbeta_score", "r2_score", "io_u",
        "iou",
        "true_positives", "true_negatives", "cosine_similarity", "pearson_correlation", "concordance_correlation",
    ]

    private static let falling = [
        "loss", "error", "crossentropy", "hinge", "poisson", "divergence", "logcosh", "mse", "rmse", "mae", "mape",
        "msle",
        "false_positives", "false_negatives",
    ]
}
