import Estimator
import Formats

/// A metric as a job asks for it.
struct MetricReader {
    /// Names of the tensors that metrics read.
    static let labels = "labels"
    static let predictions = "predictions"

    private typealias Make = @Sendable (String, ObjectReader) -> Metric

    private static let readers: [String: Make] = [
        "SparseCategoricalAccuracy": { name, _ in sparse(name) },
        "sparse_categorical_accuracy": { name, _ in sparse(name) },
        "CategoricalAccuracy": { name, _ in categorical(name) },
        "categorical_accuracy": { name, _ in categorical(name) },
        "BinaryAccuracy": { name, reader in binary(name, threshold: reader.double("threshold", default: 0.5)) },
        "binary_accuracy": { name, _ in binary(name, threshold: 0.5) },
        "MeanSquaredError": { name, _ in squared(name) },
        "mean_squared_error": { name, _ in squared(name) }, "mse": { name, _ in squared(name) },
        "MSE": { name, _ in squared(name) },
        "MeanAbsoluteError": { name, _ in absolute(name) },
        "mean_absolute_error": { name, _ in absolute(name) }, "mae": { name, _ in absolute(name) },
        "MAE": { name, _ in absolute(name) },
        "RootMeanSquaredError": { name, _ in
            .rootMeanSquaredError(labels: labels, predictions: predictions, name: name)
        },
    ]

    /// One metric as it was asked for.
    private let make: Make?
    private let object: KerasObject
    private let config: ObjectReader
    /// Its name in the results.
    let name: String

    /// Where it is.
    var pointer: JSONPointer { object.pointer }

    /// Reads a name, Keras' serialized form or the short form.
    init?(_ value: JSON, at pointer: JSONPointer, faults: SpecErrors) {
        guard let object = KerasObject(value, at: pointer, what: "a metric", faults: faults) else { return nil }
        self.object = object
        config = object.reader(faults)
        let isAccuracy = ["accuracy", "acc"].contains(object.className)
        make = MetricReader.readers[object.className]
        guard isAccuracy || make != nil else {
            object.refuse(
                "metric", supported: Array(MetricReader.readers.keys) + ["accuracy"],
                laterOnes: KerasNames.laterMetrics, faults: faults)
            return nil
        }
        // A metric by its name keeps that name in the results; an object has its own (KERAS.md: section 6).
        name =
            config.string("name", maxLength: 200)
            ?? (object.form == .name ? object.className : KerasNames.snakeCase(object.className))
        config.accept("fn", "threshold")
        config.float32Only()
        config.finish()
    }

    /// The metric, once the shapes of one row's label and output are known; it must be asked before training begins.
    /// "accuracy" is sparse, categorical or binary by them, as in Keras.
    ///
    /// - Parameters:
    ///   - labelsName: the tensor of the labels.
    ///   - predictionsName: the tensor of the output.
    func metric(
        labels: [Int], output: [Int], labelsName: String = MetricReader.labels,
        predictionsName: String = MetricReader.predictions
    ) throws(SpecError) -> Metric {
        var metric = try self.metric(labels, output)
        metric.inputs = metric.inputs.map { $0 == MetricReader.labels ? labelsName : predictionsName }
        return metric
    }

    private func metric(_ labels: [Int], _ output: [Int]) throws(SpecError) -> Metric {
        // Read first, so that a threshold at fault is told beside shapes that are.
        let known = make?(name, config)
        let comparison = comparison(labels: labels, output: output)
        guard comparison.holds(labels: labels, output: output) else {
            throw SpecError(
                object.pointer,
                "\(object.className) can't compare labels of shape \(labels) with an output of \(output)")
        }
        if let known { return known }
        return switch comparison {
        case .classes: MetricReader.sparse(name)
        case .vectors: MetricReader.categorical(name)
        case .elements: MetricReader.binary(name, threshold: 0.5)
        }
    }

    /// What is held against what.
    private func comparison(labels: [Int], output: [Int]) -> Comparison {
        switch object.className {
        case "SparseCategoricalAccuracy", "sparse_categorical_accuracy": .classes
        case "CategoricalAccuracy", "categorical_accuracy": .vectors
        case "accuracy", "acc":
            if (output.last ?? 1) == 1 { .elements } else if labels == output { .vectors } else { .classes }
        default: .elements
        }
    }

    /// What of a row's label and output a metric holds against each other.
    private enum Comparison {
        /// A class number against the largest score.
        case classes
        /// The largest element of each.
        case vectors
        /// Element against element.
        case elements

        func holds(labels: [Int], output: [Int]) -> Bool {
            let rows = Array(output.dropLast())
            return switch self {
            case .classes: !output.isEmpty && (labels == rows || labels == rows + [1])
            case .vectors: !output.isEmpty && labels == output
            case .elements: labels == output || labels + [1] == output || labels == output + [1]
            }
        }
    }

    private static func sparse(_ name: String) -> Metric {
        .sparseCategoricalAccuracy(labels: labels, scores: predictions, name: name)
    }

    private static func categorical(_ name: String) -> Metric {
        .categoricalAccuracy(labels: labels, scores: predictions, name: name)
    }

    private static func binary(_ name: String, threshold: Double) -> Metric {
        .binaryAccuracy(labels: labels, scores: predictions, threshold: threshold, name: name)
    }

    private static func squared(_ name: String) -> Metric {
        .meanSquaredError(labels: labels, predictions: predictions, name: name)
    }

    private static func absolute(_ name: String) -> Metric {
        .meanAbsoluteError(labels: labels, predictions: predictions, name: name)
    }
}
