package import Graph

/// Cross-entropies with a class by its number.
extension Losses {
    /// −ln of the class's probability (Keras: `SparseCategoricalCrossentropy`). From logits that is their softmax;
    /// probabilities are cut to ``epsilon`` and divided by their sum. Probabilities that come straight from a softmax are
    /// traced back to its logits, as TensorFlow's backend does. NaN where a label is not a class.
    ///
    /// - Parameter ignoredClass: positions with this label don't count; nil: all do.
    package static func sparseCategoricalCrossentropy(
        labels: Tensor, predictions: Tensor, fromLogits: Bool = false, ignoredClass: Int? = nil
    ) -> LossValues {
        let classes = classes(labels, for: predictions)
        let logits = fromLogits ? predictions : predictions.softmaxOperand
        let scores = logits ?? predictions.clipped(from: epsilon, to: 1 - epsilon).log()
        guard let ignoredClass else { return .positions(scores.sparseSoftmaxCrossEntropy(labels: classes)) }
        // A number that the labels' type can't hold is the label of none.
        let wide = classes.cast(to: .int64)
        let counts = wide .!= wide.builder.constant(Double(ignoredClass), dtype: .int64)
        let safe = counts.select(wide, wide.builder.constant(0, dtype: .int64))
        let losses = scores.sparseSoftmaxCrossEntropy(labels: safe)
        return .positions(losses, mask: counts.cast(to: losses.dtype))
    }

    /// (1 − p^q) / q, p being the class's probability (Zhang and Sabuncu 2018; Keras:
    /// `CategoricalGeneralizedCrossEntropy`).
    ///
    /// - Parameter q: between 0 (the cross-entropy) and 1 (the absolute error).
    package static func generalizedCrossentropy(labels: Tensor, predictions: Tensor, q: Double) -> LossValues {
        let classes = classes(labels, for: predictions)
        let count = predictions.shape.dimensions.last ?? 1
        let p = (classes.oneHot(depth: count, dtype: predictions.dtype) * predictions).reduceSum(axes: [-1])
        return .positions((1 - p.pow(q)) / q)
    }
}

extension Tensor {
    /// What a softmax along the last axis was taken of, when this tensor is the result of one.
    var softmaxOperand: Tensor? {
        guard let node = unrounded, case .softmax = node.op else { return nil }
        return node.operands.first.map(builder.tensor)
    }

    /// What a sigmoid was taken of, when this tensor is the result of one.
    var sigmoidOperand: Tensor? {
        guard let node = unrounded, node.op == .unary(.logistic) else { return nil }
        return node.operands.first.map(builder.tensor)
    }

    /// The node that computed this tensor, before a rounding to bfloat16.
    private var unrounded: Node? {
        guard let id else { return nil }
        let node = builder.program[id]
        return node.op == .unary(.roundToBFloat16) ? node.operands.first.map { builder.program[$0] } : node
    }
}
