import Graph

extension Metric {
    /// The fraction of rows in which the class with the largest score is the label (Keras:
    /// `SparseCategoricalAccuracy`; TensorFlow: `metrics.accuracy` on `argmax`). Labels `[n]` or `[n, 1]` of any number
    /// type, scores `[n, classes]`; for `[n, t, classes]` every `[n, t]` counts.
    public static func sparseCategoricalAccuracy(
        labels: String, scores: String, name: String = "accuracy"
    ) -> Metric {
        Metric(name: name, inputs: [labels, scores]) {
            FractionAccumulator { tensors in
                let (labels, scores) = (tensors[0], tensors[1])
                let (best, classes) = try ClassScores.largest(of: scores)
                let wanted = labels.integers
                guard wanted.count == best.count else {
                    throw MetricError("\(wanted.count) labels don't fit \(best.count) rows of \(classes) scores")
                }
                return (zip(wanted, best).count { $0 == Int64($1) }, best.count)
            }
        }
    }

    /// The fraction of rows in which scores and one-hot labels have their largest element at the same index (Keras:
    /// `CategoricalAccuracy`). Both `[…, classes]`.
    public static func categoricalAccuracy(labels: String, scores: String, name: String = "accuracy") -> Metric {
        Metric(name: name, inputs: [labels, scores]) {
            FractionAccumulator { tensors in
                let (wanted, _) = try ClassScores.largest(of: tensors[0])
                let (best, _) = try ClassScores.largest(of: tensors[1])
                guard wanted.count == best.count else {
                    throw MetricError("\(wanted.count) rows of labels don't fit \(best.count) rows of scores")
                }
                return (zip(wanted, best).count { $0 == $1 }, best.count)
            }
        }
    }

    /// The fraction of elements on the right side of the threshold: `score > threshold` equals `label != 0` (Keras:
    /// `BinaryAccuracy`, also on logits). The same number of elements on both sides.
    public static func binaryAccuracy(
        labels: String, scores: String, threshold: Double = 0.5, name: String = "accuracy"
    ) -> Metric {
        Metric(name: name, inputs: [labels, scores]) {
            FractionAccumulator { tensors in
                let (labels, scores) = (tensors[0].doubles, tensors[1].floats)
                guard labels.count == scores.count else {
                    throw MetricError("\(labels.count) labels don't fit \(scores.count) scores")
                }
                let limit = Float(threshold)
                return (zip(labels, scores).count { $0 == ($1 > limit ? 1 : 0) }, scores.count)
            }
        }
    }
}

/// Which class has the largest score.
enum ClassScores {
    /// The index of the first largest element of every vector along the last axis, and the axis' extent.
    static func largest(of scores: HostTensor) throws(MetricError) -> (indices: [Int], classes: Int) {
        guard scores.shape.count >= 2, let classes = scores.shape.last, classes > 0 else {
            throw MetricError("scores of shape \(scores.type.shape) have no axis of classes")
        }
        let values = scores.doubles
        let indices = stride(from: 0, to: values.count, by: classes).map { start in
            var best = 0
            for index in 1..<classes where values[start + index] > values[start + best] { best = index }
            return best
        }
        return (indices, classes)
    }
}

/// Counts hits among rows.
struct FractionAccumulator: MetricAccumulator {
    private var hits = 0
    private var rows = 0
    private let count: @Sendable ([HostTensor]) throws -> (hits: Int, rows: Int)

    init(count: @escaping @Sendable ([HostTensor]) throws -> (hits: Int, rows: Int)) { self.count = count }

    mutating func update(_ tensors: [HostTensor]) throws {
        let (hits, rows) = try count(tensors)
        self.hits += hits
        self.rows += rows
    }

    var value: Double { rows == 0 ? 0 : Double(hits) / Double(rows) }
}
