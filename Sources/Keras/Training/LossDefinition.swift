import Datasets
import Estimator
import Formats
import Graph

/// What the numbers of a classifier's output are, one a class along the last axis.
enum ClassScores: Sendable {
    /// They are positive and add up to 1.
    case probabilities
    /// A softmax makes probabilities of them.
    case logits
}

/// A loss of Keras or TensorFlow 1 as a job asks for it.
struct LossDefinition: Sendable {
    /// The losses of labels and predictions.
    typealias Values = @Sendable (_ labels: Tensor, _ predictions: Tensor) -> LossValues

    /// Why fields of the loss don't go with these shapes of one row; nil: they do.
    typealias Check = @Sendable (_ labels: [Int], _ predictions: [Int]) -> String?

    /// Its name in a sentence.
    let words: String
    let labels: LabelKind
    let reduction: LossReduction
    /// What the output's numbers are, one a class; nil where they are none of that.
    let scores: ClassScores?
    private let values: Values
    private let check: Check?

    /// Reads a name, Keras' serialized form or the short form.
    init?(_ value: JSON, at pointer: JSONPointer, faults: SpecErrors) {
        guard let object = KerasObject(value, at: pointer, what: "a loss", faults: faults) else { return nil }
        guard let row = LossTable.row(object.className) else {
            object.refuse(
                "loss", supported: LossTable.names, listed: LossTable.mainNames, laterOnes: KerasNames.laterLosses,
                faults: faults)
            return nil
        }
        let reader = object.reader(faults)
        reader.accept("name", "fn")
        reader.float32Only()
        let made = row.read(reader)
        words = row.words
        labels = made.labels ?? row.labels
        scores = made.scores
        values = made.values
        check = made.check
        reduction = row.reductions.read(reader)
        reader.finish()
    }

    /// The losses of one core's batch, one a position.
    func values(labels: Tensor, predictions: Tensor) -> LossValues { values(labels, predictions) }

    /// The scalar loss of one core's batch.
    ///
    /// - Parameters:
    ///   - weights: one a row or position each, which are multiplied (Keras' class and sample weights).
    ///   - mask: 0 or 1 a row or position: only those with 1 count; nil: all do.
    ///   - valid: 0 or 1 a row: the loss is that of a batch of those with 1; nil: of all.
    /// - Throws: `TrainingError.modelFailed` for a loss of whole batches, of which no row can be left out.
    func callAsFunction(
        labels: Tensor, predictions: Tensor, weights: [Tensor] = [], mask: Tensor? = nil, valid: Tensor? = nil
    ) throws(TrainingError) -> Tensor {
        let losses = values(labels, predictions)
        if valid != nil, losses.positions.rank == 0 {
            throw .modelFailed(
                detail:
                    "\(words) is of a whole batch, of which no row can be left out: set drop_remainder to true, or leave "
                    + "eval_batch_size out to evaluate on the CPU")
        }
        return reduction(losses.masked(by: mask).masked(by: valid), weights: Self.product(weights))
    }

    /// Weights multiplied, where some are of rows and some of positions.
    private static func product(_ weights: [Tensor]) -> Tensor? {
        let rank = weights.map(\.rank).max() ?? 0
        let aligned = weights.map { weights in
            let dimensions = weights.shape.dimensions
            return weights.cast(to: .float32)
                .reshape(to: dimensions + Array(repeating: 1, count: rank - dimensions.count))
        }
        return aligned.first.map { aligned.dropFirst().reduce($0, *) }
    }

    /// What labels are: numbers of classes, or any.
    var labelType: CSVColumns.LabelType {
        switch labels {
        case .classes, .groups, .sequence: .int64
        case .oneHot, .numbers: .float32
        }
    }

    /// Labels that are class numbers have to lie below this; nil: labels are not class numbers, or one beyond them means no
    /// class.
    func classes(_ output: [Int]) -> Int? {
        guard case .classes(let ignored) = labels, let count = output.last else { return nil }
        return ignored.map { (0..<count).contains($0) } ?? true ? count : nil
    }

    /// Why labels of one shape don't go with predictions of another (both of one row); nil: they do.
    func mismatch(labels: [Int], predictions: [Int]) -> String? {
        labelMismatch(labels, predictions) ?? check?(labels, predictions).map { "\(words) \($0)" }
    }

    private func labelMismatch(_ labels: [Int], _ predictions: [Int]) -> String? {
        if self.labels.fits(labels: labels, output: predictions) { return nil }
        let given = "a row's label has the shape \(labels)"
        switch self.labels {
        case .classes:
            guard let classes = predictions.last else { return "the model's output has no axis of classes" }
            let hint =
                labels == predictions ? "; for labels with a number for each class take the loss without sparse" : ""
            return "\(words) over \(classes) classes takes one class number a row; \(given)\(hint)"
        case .oneHot:
            guard !predictions.isEmpty else { return "the model's output has no axis of classes" }
            let areNumbers = LabelKind.classes().fits(labels: labels, output: predictions)
            let hint = areNumbers ? "; class numbers become vectors by one_hot in map" : ""
            return
                "\(words) takes labels of the output's shape \(predictions), a number for each class; \(given)\(hint)"
        case .groups: return "\(words) takes one class number a row; \(given)"
        case .sequence:
            guard predictions.count == 2 else {
                return "\(words) takes an output [steps, classes], and the model's is \(predictions)"
            }
            return
                "\(words) takes a list of at most \(predictions[0]) class numbers a row, as the output has so many steps; \(given)"
        case .numbers: return "\(words) takes labels of the output's shape \(predictions); \(given)"
        }
    }
}
