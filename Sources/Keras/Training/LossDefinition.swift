import Estimator
import Formats
import Graph

/// A loss of Keras, the mean over a batch.
enum LossDefinition: Sendable, Equatable {
    /// Whole-number labels against logits or probabilities.
    case sparseCategoricalCrossentropy(fromLogits: Bool)
    case meanSquaredError

    /// Keras' names and classes of each.
    private static let names: [String: LossDefinition] = [
        "SparseCategoricalCrossentropy": .sparseCategoricalCrossentropy(fromLogits: false),
        "sparse_categorical_crossentropy": .sparseCategoricalCrossentropy(fromLogits: false),
        "MeanSquaredError": .meanSquaredError,
        "mean_squared_error": .meanSquaredError,
        "mse": .meanSquaredError,
        "MSE": .meanSquaredError,
    ]

    /// Reads a name, Keras' serialized form or the short form.
    init?(_ value: JSON, at pointer: JSONPointer, faults: SpecErrors) {
        guard let object = KerasObject(value, at: pointer, what: "a loss", faults: faults) else { return nil }
        guard var loss = LossDefinition.names[object.className] else {
            object.refuse(
                "loss", supported: Array(LossDefinition.names.keys), laterOnes: KerasNames.laterLosses, faults: faults)
            return nil
        }
        let reader = object.reader(faults)
        reader.accept("name", "fn")
        reader.float32Only()
        reader.notSupported("reduction", unless: "auto", "sum_over_batch_size", "mean")
        if case .sparseCategoricalCrossentropy = loss {
            loss = .sparseCategoricalCrossentropy(fromLogits: reader.bool("from_logits", default: false))
            reader.notSupported("ignore_class")
            reader.notSupported("axis", unless: -1)
        }
        reader.finish()
        self = loss
    }

    /// The scalar loss of one core's batch.
    func callAsFunction(labels: Tensor, predictions: Tensor) -> Tensor {
        switch self {
        case .sparseCategoricalCrossentropy(let fromLogits):
            Losses.sparseCategoricalCrossentropy(labels: labels, predictions: predictions, fromLogits: fromLogits)
        case .meanSquaredError:
            Losses.meanSquaredError(labels: labels, predictions: predictions)
        }
    }

    /// What labels are: numbers of classes, or any.
    var labelType: CSVColumns.LabelType {
        if case .sparseCategoricalCrossentropy = self { .int64 } else { .float32 }
    }

    /// Labels that are class numbers have to lie below this; nil: labels are not class numbers.
    func classes(_ output: [Int]) -> Int? {
        if case .sparseCategoricalCrossentropy = self { output.last } else { nil }
    }

    /// Why labels of one shape don't go with predictions of another (both of one row); nil: they do.
    func mismatch(labels: [Int], predictions: [Int]) -> String? {
        switch self {
        case .sparseCategoricalCrossentropy:
            guard let classes = predictions.last else { return "the model's output has no axis of classes" }
            let rows = Array(predictions.dropLast())
            if labels == rows || labels == rows + [1] { return nil }
            return "sparse categorical cross-entropy over \(classes) classes takes one class number a row; "
                + "a row's label has the shape \(labels)"
        case .meanSquaredError:
            if labels == predictions || labels + [1] == predictions || labels == predictions + [1] { return nil }
            return "mean squared error takes labels of the output's shape \(predictions); "
                + "a row's label has the shape \(labels)"
        }
    }
}
