package import Graph

/// Cross-entropies of labels between 0 and 1, each number for itself.
extension Losses {
    /// −y ln p − (1 − y) ln(1 − p) (Keras: `BinaryCrossentropy`). From logits p is their sigmoid; probabilities are cut to
    /// ``epsilon``. Probabilities that come straight from a sigmoid are traced back to its logits, as TensorFlow's backend
    /// does.
    ///
    /// - Parameter smoothing: moves labels towards one half: y (1 − s) + s / 2.
    package static func binaryCrossentropy(
        labels: Tensor, predictions: Tensor, fromLogits: Bool = false, smoothing: Double = 0
    ) -> LossValues {
        .elements(binary(labels, predictions, fromLogits, smoothing).losses)
    }

    /// The binary cross-entropy times (1 − the probability of what is right)^γ (Lin et al. 2017; Keras:
    /// `BinaryFocalCrossentropy`).
    ///
    /// - Parameter alpha: the weight of the ones, 1 − α being that of the zeros; nil: both have 1.
    package static func binaryFocalCrossentropy(
        labels: Tensor, predictions: Tensor, fromLogits: Bool = false, smoothing: Double = 0, gamma: Double,
        alpha: Double?
    ) -> LossValues {
        let (y, p, losses) = binary(labels, predictions, fromLogits, smoothing)
        let right = y * p + (1 - y) * (1 - p)
        let focal = (1 - right).pow(gamma) * losses
        guard let alpha else { return .elements(focal) }
        return .elements((y * alpha + (1 - y) * (1 - alpha)) * focal)
    }

    /// max(x, 0) − x z + ln(1 + e^−|x|): the cross-entropy of the sigmoid of x with z, exact for large x, too
    /// (`tf.nn.sigmoid_cross_entropy_with_logits`).
    static func sigmoidCrossEntropies(labels z: Tensor, logits x: Tensor) -> Tensor {
        let isPositive = x .>= 0
        let zero = x.builder.constant(0, dtype: x.dtype)
        return isPositive.select(x, zero) - x * z + isPositive.select(-x, x).softplus()
    }

    private static func binary(
        _ labels: Tensor, _ predictions: Tensor, _ fromLogits: Bool, _ smoothing: Double
    ) -> (labels: Tensor, probabilities: Tensor, losses: Tensor) {
        let origin = fromLogits ? predictions : predictions.sigmoidOperand
        let (given, x) = aligned(labels, origin ?? predictions)
        let y = smoothing == 0 ? given : given * (1 - smoothing) + 0.5 * smoothing
        if origin != nil { return (y, x.sigmoid(), sigmoidCrossEntropies(labels: y, logits: x)) }
        let p = x.clipped(from: epsilon, to: 1 - epsilon)
        return (y, x, -(y * p.log() + (1 - y) * (1 - p).log()))
    }
}
