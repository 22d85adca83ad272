public import Graph

/// Losses as scalar tensors: the mean over one core's batch.
public enum Losses {
    /// What Keras cuts probabilities to: `ε ... 1 − ε` (`keras.backend.epsilon()`).
    package static let epsilon = 1e-7

    /// Mean cross-entropy of each row's softmax with a class (TensorFlow:
    /// `tf.losses.sparse_softmax_cross_entropy`). Logits `[…, classes]`; labels `[…]` or `[…, 1]` of any number type.
    public static func sparseSoftmaxCrossEntropy(labels: Tensor, logits: Tensor) -> Tensor {
        logits.sparseSoftmaxCrossEntropy(labels: classes(labels, for: logits)).reduceMean()
    }

    /// Keras' `SparseCategoricalCrossentropy`. From logits it is ``sparseSoftmaxCrossEntropy(labels:logits:)``; from
    /// probabilities they are cut to ``epsilon`` and divided by their sum. Probabilities that come straight from a
    /// softmax are traced back to its logits, as TensorFlow's backend does.
    package static func sparseCategoricalCrossentropy(
        labels: Tensor, predictions: Tensor, fromLogits: Bool = false
    ) -> Tensor {
        if fromLogits { return sparseSoftmaxCrossEntropy(labels: labels, logits: predictions) }
        if let logits = predictions.softmaxOperand {
            return sparseSoftmaxCrossEntropy(labels: labels, logits: logits)
        }
        let cut = predictions.clipped(from: epsilon, to: 1 - epsilon)
        return sparseSoftmaxCrossEntropy(labels: labels, logits: cut.log())
    }

    /// The mean of (prediction − label)² over all elements (Keras' `MeanSquaredError`, TensorFlow's
    /// `tf.losses.mean_squared_error`). Labels `[n]` count as `[n, 1]`.
    public static func meanSquaredError(labels: Tensor, predictions: Tensor) -> Tensor {
        predictions.squaredDifference(matched(labels, to: predictions)).reduceMean()
    }

    /// Labels in the predictions' element type and, where only an axis of extent 1 differs, their shape.
    private static func matched(_ labels: Tensor, to predictions: Tensor) -> Tensor {
        let cast = labels.cast(to: predictions.dtype)
        let hasOneMore = labels.shape.dimensions + [1] == predictions.shape.dimensions
        let hasOneLess = labels.shape.dimensions == predictions.shape.dimensions + [1]
        return hasOneMore || hasOneLess ? cast.reshape(to: predictions.shape.dimensions) : cast
    }

    /// Labels as whole numbers without an axis of classes.
    private static func classes(_ labels: Tensor, for logits: Tensor) -> Tensor {
        let whole = labels.dtype.isInteger ? labels : labels.cast(to: .int64)
        let rows = Array(logits.shape.dimensions.dropLast())
        return labels.shape.dimensions == rows + [1] ? whole.reshape(to: rows) : whole
    }
}

extension Tensor {
    /// What a softmax along the last axis was taken of, when this tensor is the result of one.
    var softmaxOperand: Tensor? {
        guard let id, case .softmax = builder.program[id].op, let operand = builder.program[id].operands.first
        else { return nil }
        return builder.tensor(operand)
    }
}
