package import Graph

extension Losses {
    /// How far rows of one class are from each other and near to those of others (Sun et al. 2020; Keras: `Circle`), for rows
    /// of length 1: softplus(ln Σ e^(γ (d + m)(d − m)) over the others of the row's class + ln Σ e^(γ (1 + m − d)(1 − m − d))
    /// over other classes), with d = max(0, 1 − cosine). A row without others of its class or without other classes has a
    /// loss of 0 and does not count.
    ///
    /// - Parameters:
    ///   - labels: a class number a row; any numbers will do.
    ///   - predictions: `[n, d]`, a vector a row.
    ///   - gamma: γ, the scale.
    ///   - margin: m, the slack.
    ///   - removesDiagonal: whether a row is not one of its own class.
    package static func circle(
        labels: Tensor, predictions: Tensor, gamma: Double, margin: Double, removesDiagonal: Bool
    ) -> LossValues {
        let classes = classes(labels, for: predictions)
        let distances = (1 - predictions.matmul(predictions, transposeB: true)).maximum(0)
        let same = classes.expandDimensions(at: 1) .== classes.expandDimensions(at: 0)
        var isPositive = same
        if removesDiagonal {
            let (builder, square) = (predictions.builder, distances.shape)
            isPositive = isPositive .& (builder.iota(shape: square, axis: 0) .!= builder.iota(shape: square, axis: 1))
        }
        func part(_ isMember: Tensor, _ weights: Tensor, _ slopes: Tensor) -> Tensor {
            let factors = (weights * isMember.cast(to: weights.dtype)).maximum(0)
            // Small enough that the softplus of a sum without a member is 0, and finite, so that its gradient is, too.
            return isMember.select(factors * slopes * gamma, distances.builder.constant(-1e30, dtype: weights.dtype))
                .reduceLogSumExp(axes: [1])
        }
        let positives = part(isPositive, distances + margin, distances - margin)
        let negatives = part(.!same, 1 + margin - distances, 1 - margin - distances)
        let losses = (positives + negatives).softplus()
        return .positions(losses, mask: (losses .> 0).cast(to: losses.dtype))
    }
}
