public import Graph

/// TensorFlow 1's `tf.losses`: one number each, by default the weighted sum divided by the number of weights that are not 0.
/// Weights are numbers of the losses' shape, or of one that broadcasts to it, or one a row.
extension Losses {
    /// |prediction − label| (`tf.losses.absolute_difference`).
    public static func absoluteDifference(
        labels: Tensor, predictions: Tensor, weights: Tensor? = nil, reduction: LossReduction = .sumByNonzeroWeights
    ) -> Tensor {
        let (y, p) = aligned(labels, predictions)
        return reduction(.positions((p - y).abs()), weights: weights)
    }

    /// (prediction − label)² (`tf.losses.mean_squared_error`, Keras' `MeanSquaredError`).
    public static func meanSquaredError(
        labels: Tensor, predictions: Tensor, weights: Tensor? = nil, reduction: LossReduction = .sumByNonzeroWeights
    ) -> Tensor {
        let (y, p) = aligned(labels, predictions)
        return reduction(.positions(p.squaredDifference(y)), weights: weights)
    }

    /// Half the square of an error of up to `delta`, a line beyond it (`tf.losses.huber_loss`).
    public static func huberLoss(
        labels: Tensor, predictions: Tensor, delta: Double = 1, weights: Tensor? = nil,
        reduction: LossReduction = .sumByNonzeroWeights
    ) -> Tensor {
        reduction(huber(labels: labels, predictions: predictions, delta: delta).ofElements, weights: weights)
    }

    /// −y ln(p + ε) − (1 − y) ln(1 − p + ε) (`tf.losses.log_loss`).
    public static func logLoss(
        labels: Tensor, predictions: Tensor, epsilon: Double = 1e-7, weights: Tensor? = nil,
        reduction: LossReduction = .sumByNonzeroWeights
    ) -> Tensor {
        let losses = logLosses(labels: labels, predictions: predictions, epsilon: epsilon)
        return reduction(losses.ofElements, weights: weights)
    }

    /// max(0, 1 − (2 y − 1) x) with labels 0 and 1 (`tf.losses.hinge_loss`).
    public static func hingeLoss(
        labels: Tensor, logits: Tensor, weights: Tensor? = nil, reduction: LossReduction = .sumByNonzeroWeights
    ) -> Tensor {
        reduction(zeroOneHinge(labels: labels, predictions: logits).ofElements, weights: weights)
    }

    /// Cross-entropy of each number's sigmoid with a label from 0 to 1 (`tf.losses.sigmoid_cross_entropy`).
    public static func sigmoidCrossEntropy(
        labels: Tensor, logits: Tensor, labelSmoothing: Double = 0, weights: Tensor? = nil,
        reduction: LossReduction = .sumByNonzeroWeights
    ) -> Tensor {
        let losses = binaryCrossentropy(
            labels: labels, predictions: logits, fromLogits: true, smoothing: labelSmoothing)
        return reduction(losses.ofElements, weights: weights)
    }

    /// Cross-entropy of each row's softmax with one-hot labels (`tf.losses.softmax_cross_entropy`).
    public static func softmaxCrossEntropy(
        labels: Tensor, logits: Tensor, labelSmoothing: Double = 0, weights: Tensor? = nil,
        reduction: LossReduction = .sumByNonzeroWeights
    ) -> Tensor {
        let losses = categoricalCrossentropy(
            labels: labels, predictions: logits, fromLogits: true, smoothing: labelSmoothing)
        return reduction(losses, weights: weights)
    }

    /// Cross-entropy of each row's softmax with a class (`tf.losses.sparse_softmax_cross_entropy`). Logits `[…, classes]`;
    /// labels `[…]` or `[…, 1]` of any number type.
    public static func sparseSoftmaxCrossEntropy(
        labels: Tensor, logits: Tensor, weights: Tensor? = nil, reduction: LossReduction = .sumByNonzeroWeights
    ) -> Tensor {
        let losses = sparseCategoricalCrossentropy(labels: labels, predictions: logits, fromLogits: true)
        return reduction(losses, weights: weights)
    }

    /// −y ln(p + ε) − (1 − y) ln(1 − p + ε), unlike Keras without cutting p.
    package static func logLosses(labels: Tensor, predictions: Tensor, epsilon: Double) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        return .elements(-(y * (p + epsilon).log() + (1 - y) * (1 - p + epsilon).log()))
    }

    /// max(0, 1 − (2 y − 1) p), unlike Keras' hinge whatever the batch's labels are.
    package static func zeroOneHinge(labels: Tensor, predictions: Tensor) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        return .elements((1 - (y * 2 - 1) * p).relu())
    }
}
