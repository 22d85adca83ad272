package import Graph

/// Losses as TensorFlow 1 (`tf.losses`) and Keras define them. Those that are public give one number, the loss of one
/// core's batch; the others give `LossValues`, from which a `LossReduction` makes one.
///
/// Labels of any number type are converted to the predictions' type. Their shape is the predictions', or differs from it
/// only by a last axis of extent 1 (`aligned`); class numbers lack the axis of classes, or have it with extent 1.
public enum Losses {
    /// What Keras cuts probabilities to: `ε ... 1 − ε` (`keras.backend.epsilon()`).
    package static let epsilon = 1e-7

    /// Labels and predictions of one type and of as many axes, as Keras' `squeeze_or_expand_to_same_rank` makes them: where
    /// one has a last axis of extent 1 more, the other gets it if it is a vector, else the one loses it. Two vectors both
    /// get it, so that the last axis is never the batch.
    package static func aligned(_ labels: Tensor, _ predictions: Tensor) -> (labels: Tensor, predictions: Tensor) {
        let (labels, predictions) = sameRank(labels.cast(to: predictions.dtype), predictions)
        guard labels.shape == predictions.shape else {
            predictions.builder.record(
                GraphError(
                    .shapeMismatch, "labels \(labels.type) don't have the shape of predictions \(predictions.type)"))
            return (predictions, predictions)
        }
        guard labels.rank == 1, predictions.rank == 1 else { return (labels, predictions) }
        return (labels.expandDimensions(at: 1), predictions.expandDimensions(at: 1))
    }

    /// Two tensors of as many axes, where a last axis of extent 1 makes the difference.
    private static func sameRank(_ x: Tensor, _ y: Tensor) -> (Tensor, Tensor) {
        if x.rank == y.rank + 1, x.shape.dimensions.last == 1 {
            return y.rank == 1 ? (x, y.expandDimensions(at: 1)) : (x.squeeze(at: -1), y)
        }
        if y.rank == x.rank + 1, y.shape.dimensions.last == 1 {
            return x.rank == 1 ? (x.expandDimensions(at: 1), y) : (x, y.squeeze(at: -1))
        }
        return (x, y)
    }

    /// Labels as whole numbers without an axis of classes.
    static func classes(_ labels: Tensor, for scores: Tensor) -> Tensor {
        let whole = labels.dtype.isInteger ? labels : labels.cast(to: .int64)
        let rows = Array(scores.shape.dimensions.dropLast())
        return labels.shape.dimensions == rows + [1] ? whole.reshape(to: rows) : whole
    }
}
