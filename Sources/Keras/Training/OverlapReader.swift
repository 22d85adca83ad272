import Estimator
import Formats

/// Reads the fields of `IoU` and its siblings.
struct OverlapReader {
    /// What a class of them has.
    enum Feature {
        /// `sparse_y_true` and `sparse_y_pred`, both true by default.
        case classNames
        /// One-hot labels, and `sparse_y_pred`, false by default.
        case oneHot
        /// `target_class_ids` is required.
        case counted
        /// Two classes by a `threshold`.
        case binary
    }

    /// The metric.
    let made: MetricTable.Made

    init(_ reader: ObjectReader, _ features: Set<Feature>) {
        let isBinary = features.contains(.binary)
        let classes = isBinary ? 2 : reader.int("num_classes", required: true, in: 1...1_000_000) ?? 1
        var counted: [Int]?
        if isBinary || features.contains(.counted) {
            counted = reader.ints(
                "target_class_ids", required: !isBinary, in: 0...max(0, classes - 1), count: 1...1_000_000)
        }
        if isBinary {
            let threshold = reader.double("threshold", default: 0.5)
            made = Self.made(.numbers, .atLeast(threshold), classes, counted, nil)
            return
        }
        let ignored = reader.int("ignore_class", in: -1 << 31...1 << 31)
        reader.notSupported("axis", unless: -1)
        let isOneHot = features.contains(.oneHot)
        let hasNumbers = isOneHot ? false : reader.bool("sparse_y_true", default: true)
        let predictsNumbers = reader.bool("sparse_y_pred", default: !isOneHot)
        made = Self.made(
            hasNumbers ? .numbers : .largest(axis: -1), predictsNumbers ? .numbers : .largest(axis: -1), classes,
            counted,
            ignored)
    }

    private static func made(
        _ labels: ClassNames, _ predictions: ClassNames, _ classes: Int, _ counted: [Int]?, _ ignored: Int?
    ) -> MetricTable.Made {
        let check: LossDefinition.Check = { labelShape, output in
            func positions(_ names: ClassNames, _ shape: [Int]) -> Int? {
                guard case .largest = names else { return shape.saturatedProduct }
                guard shape.last == classes else { return nil }
                return shape.dropLast().saturatedProduct
            }
            guard let wanted = positions(labels, labelShape) else {
                return "needs one-hot labels of \(classes) classes; a row's label has the shape \(labelShape)"
            }
            guard let given = positions(predictions, output) else {
                return "needs an output with \(classes) classes in its last axis, not one of \(output)"
            }
            return wanted == given
                ? nil : "can't compare labels of shape \(labelShape) with an output of \(output)"
        }
        return MetricTable.Made(check: check) {
            .intersectionOverUnion(
                labels: $0.labels, predictions: $0.predictions, classes: classes, counted: counted,
                ignoredClass: ignored, labelNames: labels, predictionNames: predictions, name: $0.name)
        }
    }
}
