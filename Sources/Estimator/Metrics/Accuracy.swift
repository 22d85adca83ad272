import Graph

/// Fractions of hits; with weights, of their weights.
extension Metric {
    /// The fraction of predictions that equal their labels (Keras: `Accuracy`, TensorFlow: `metrics.accuracy`).
    public static func accuracy(
        labels: String, predictions: String, weights: String? = nil, name: String = "accuracy"
    ) -> Metric {
        hits(name, labels, predictions, weights) { labels, predictions in
            let (y, p) = Losses.aligned(labels, predictions)
            return y .== p
        }
    }

    /// The fraction of rows in which the class with the largest score is the label (Keras:
    /// `SparseCategoricalAccuracy`; TensorFlow: `metrics.accuracy` on `argmax`). Labels `[n]` or `[n, 1]` of any number
    /// type, scores `[n, classes]`; for `[n, t, classes]` every `[n, t]` counts.
    public static func sparseCategoricalAccuracy(
        labels: String, scores: String, weights: String? = nil, name: String = "accuracy"
    ) -> Metric {
        hits(name, labels, scores, weights) { labels, scores in
            scores.argMax() .== Losses.checkedClasses(labels, for: scores)
        }
    }

    /// The fraction of rows in which scores and one-hot labels have their largest element at the same index (Keras:
    /// `CategoricalAccuracy`). Both `[…, classes]`.
    public static func categoricalAccuracy(
        labels: String, scores: String, weights: String? = nil, name: String = "accuracy"
    ) -> Metric {
        hits(name, labels, scores, weights) { labels, scores in
            let (y, p) = Losses.aligned(labels, scores)
            return p.argMax() .== y.argMax()
        }
    }

    /// The fraction of elements on the right side of the threshold: `score > threshold` equals `label != 0` (Keras:
    /// `BinaryAccuracy`, also on logits). The same number of elements on both sides.
    public static func binaryAccuracy(
        labels: String, scores: String, threshold: Double = 0.5, weights: String? = nil, name: String = "accuracy"
    ) -> Metric {
        hits(name, labels, scores, weights) { labels, scores in
            let (y, p) = Losses.aligned(labels, scores)
            return y .== (p .> threshold).cast(to: p.dtype)
        }
    }

    /// The fraction of rows in which fewer than `k` classes have a larger score than the label's (Keras:
    /// `SparseTopKCategoricalAccuracy`; TensorFlow: the mean of `nn.in_top_k`). A label that is not a class, and scores that
    /// are not finite, are not hits.
    public static func sparseTopKCategoricalAccuracy(
        labels: String, scores: String, k: Int = 5, weights: String? = nil,
        name: String = "sparse_top_k_categorical_accuracy"
    ) -> Metric {
        hits(name, labels, scores, weights) { labels, scores in
            isInTop(k, Losses.checkedClasses(labels, for: scores), scores)
        }
    }

    /// The same with one-hot labels (Keras: `TopKCategoricalAccuracy`).
    public static func topKCategoricalAccuracy(
        labels: String, scores: String, k: Int = 5, weights: String? = nil,
        name: String = "top_k_categorical_accuracy"
    ) -> Metric {
        hits(name, labels, scores, weights) { labels, scores in
            let (y, p) = Losses.aligned(labels, scores)
            return isInTop(k, y.argMax(), p)
        }
    }

    private static func isInTop(_ k: Int, _ classes: Tensor, _ scores: Tensor) -> Tensor {
        let isLabel = classes.oneHot(depth: scores.shape.dimensions.last ?? 1, dtype: .bool)
        let zero = scores.builder.constant(0, dtype: scores.dtype)
        let own = isLabel.select(scores, zero).reduceSum(axes: [-1], keepDimensions: true)
        let larger = (scores .> own).cast(to: scores.dtype).reduceSum(axes: [-1])
        let isClass = isLabel.cast(to: scores.dtype).reduceSum(axes: [-1]) .> 0
        let isFinite = scores.isFinite().cast(to: scores.dtype).reduceMin(axes: [-1]) .> 0
        return (larger .< Double(k)) .& isClass .& isFinite
    }

    /// The mean of what is true for a position.
    private static func hits(
        _ name: String, _ labels: String, _ scores: String, _ weights: String?,
        isHit: @escaping @Sendable (_ labels: Tensor, _ scores: Tensor) -> Tensor
    ) -> Metric {
        sums(name: name, inputs: [labels, scores], weights: weights) { tensors in
            let floating = tensors[1].dtype.isFloating ? tensors[1].dtype : .float32
            return PositionSums([isHit(tensors[0], tensors[1]).cast(to: floating)])
        }
    }
}

extension Losses {
    /// Class numbers as int64, one for each position of the scores; others are a fault of the builder's.
    static func checkedClasses(_ labels: Tensor, for scores: Tensor) -> Tensor {
        let classes = classes(labels, for: scores).cast(to: .int64)
        let rows = Shape(Array(scores.shape.dimensions.dropLast()))
        guard scores.rank >= 2, classes.shape == rows else {
            scores.builder.record(
                GraphError(.shapeMismatch, "labels \(labels.type) don't name a class for each row of \(scores.type)"))
            return scores.builder.constant(0, shape: rows, dtype: .int64)
        }
        return classes
    }
}
