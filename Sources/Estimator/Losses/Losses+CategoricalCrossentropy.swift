package import Graph

/// Cross-entropies of one distribution over the classes of the last axis with another.
extension Losses {
    /// −Σ y ln p (Keras: `CategoricalCrossentropy`). From logits p is their softmax; probabilities are divided by their sum
    /// and cut to ``epsilon``. Probabilities that come straight from a softmax are traced back to its logits.
    ///
    /// - Parameter smoothing: moves labels towards all classes alike: y (1 − s) + s / classes.
    package static func categoricalCrossentropy(
        labels: Tensor, predictions: Tensor, fromLogits: Bool = false, smoothing: Double = 0
    ) -> LossValues {
        let (y, x) = smoothed(labels, predictions, smoothing)
        if let logits = fromLogits ? x : predictions.softmaxOperand {
            return .positions(-(y * logits.logSoftmax()).reduceSum(axes: [-1]))
        }
        return .positions(-(y * normalized(x).log()).reduceSum(axes: [-1]))
    }

    /// −Σ α (1 − p)^γ y ln p (Keras: `CategoricalFocalCrossentropy`).
    ///
    /// - Parameter alpha: one weight for all classes, or one for each.
    package static func categoricalFocalCrossentropy(
        labels: Tensor, predictions: Tensor, fromLogits: Bool = false, smoothing: Double = 0, gamma: Double,
        alpha: [Double]
    ) -> LossValues {
        let (y, x) = smoothed(labels, predictions, smoothing)
        let p = normalized(fromLogits ? x.softmax() : x)
        let weights =
            alpha.count == 1
            ? p.builder.constant(alpha[0], dtype: p.dtype)
            : p.builder.constant(alpha, shape: [alpha.count], dtype: p.dtype)
        return .positions(-(weights * (1 - p).pow(gamma) * (y * p.log())).reduceSum(axes: [-1]))
    }

    private static func smoothed(_ labels: Tensor, _ predictions: Tensor, _ smoothing: Double) -> (Tensor, Tensor) {
        let (y, p) = aligned(labels, predictions)
        guard smoothing != 0, let classes = y.shape.dimensions.last else { return (y, p) }
        return (y * (1 - smoothing) + smoothing / Double(classes), p)
    }

    private static func normalized(_ p: Tensor) -> Tensor {
        (p / p.reduceSum(axes: [-1], keepDimensions: true)).clipped(from: epsilon, to: 1 - epsilon)
    }
}
