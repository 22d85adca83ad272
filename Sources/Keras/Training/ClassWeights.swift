import Formats
import Graph
import OrderedCollections

/// How much a row counts by the class of its label (Keras: `class_weight`); one of a class without a weight counts 1.
struct ClassWeights: Sendable, Hashable {
    /// The most class numbers that can be named: those below.
    static let mostClasses = 1_000_000

    /// By class number.
    let byClass: [Int: Double]
    /// Where they are in the job.
    let pointer: JSONPointer

    /// Reads an object by class numbers: `{"0": 1, "1": 2.5}`; nil where there is none, or no class is named rightly.
    init?(_ reader: ObjectReader, _ field: String) {
        reader.note(
            field,
            .value([
                "type": "object", "propertyNames": ["pattern": "^(0|[1-9][0-9]{0,5})$"],
                "additionalProperties": ["type": "number", "minimum": 0],
            ]))
        guard let object = reader.object(field, example: ["0": 1, "1": 2.5]) else { return nil }
        var byClass: [Int: Double] = [:]
        for name in object.members.keys {
            guard let number = Int(name), 0..<Self.mostClasses ~= number, "\(number)" == name else {
                object.fault(
                    name, "\(name.quotedForMessage) is not a class number: expected 0 to \(Self.mostClasses - 1)")
                continue
            }
            byClass[number] = object.double(name, required: true, in: .notNegative)
        }
        object.finish()
        guard !byClass.isEmpty else { return nil }
        self.byClass = byClass
        pointer = object.pointer
    }

    /// Why they don't go with an output of this shape of one row; nil: they do.
    func mismatch(_ output: [Int]) -> String? {
        // One number a row is a class of two or any number.
        guard let count = output.last, count > 1, let last = byClass.keys.max(), last >= count else { return nil }
        return "has a weight for class \(last), but the output has the classes 0 to \(count - 1)"
    }

    /// The weight of each label: labels with as many numbers as the output has classes are of the largest one's, any other
    /// number is rounded to that of a class.
    func callAsFunction(_ labels: Tensor, predictions: Tensor) -> Tensor {
        let hasAxis = labels.rank == predictions.rank
        let classes: Tensor
        if hasAxis, labels.rank > 1, labels.shape.dimensions.last != 1 {
            classes = labels.argMax()
        } else {
            let numbers = hasAxis && labels.rank > 1 ? labels.squeeze(at: -1) : labels
            classes = numbers.dtype.isFloating ? numbers.round() : numbers
        }
        let count = (byClass.keys.max() ?? 0) + 1
        let weights = (0..<count).map { byClass[$0] ?? 1 }
        let places = classes.cast(to: .int64)
        let type = TensorType(.float32, Shape([count]))
        let found = labels.builder.constant(Literal(type: type, doubles: weights)).gather(places)
        let isNamed = (places .>= 0) .& (places .< Double(count))
        return isNamed.select(found, labels.builder.constant(1))
    }
}
