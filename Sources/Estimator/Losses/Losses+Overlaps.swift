package import Graph

/// Losses that say how far labels and predictions cover each other.
extension Losses {
    /// Minus the cosine of the angle between labels and predictions along an axis (Keras: `CosineSimilarity`); 0 for a
    /// vector of zeros.
    ///
    /// - Parameter axis: may count from the end. Default the last.
    package static func cosineSimilarity(labels: Tensor, predictions: Tensor, axis: Int = -1) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        func direction(_ x: Tensor) -> Tensor {
            x * x.square().reduceSum(axes: [axis], keepDimensions: true).maximum(1e-12).rsqrt()
        }
        return .positions(-(direction(y) * direction(p)).reduceSum(axes: [axis]))
    }

    /// 1 − 2 Σ y p / (Σ y + Σ p + ε) over axes (Keras: `Dice`).
    ///
    /// - Parameter axes: with the batch's as 0, may count from the end; nil: all, so that a batch has one loss.
    package static func dice(labels: Tensor, predictions: Tensor, axes: [Int]? = nil) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        let common = (y * p).reduceSum(axes: axes)
        return .positions(1 - common * 2 / (y.reduceSum(axes: axes) + p.reduceSum(axes: axes) + epsilon))
    }

    /// 1 − Σ y p / (Σ y p + α Σ y (1 − p) + β Σ p (1 − y) + ε) over axes (Salehi et al. 2017; Keras: `Tversky`, which gives α
    /// to what is missed and β to what is wrongly found).
    ///
    /// - Parameter axes: with the batch's as 0, may count from the end; nil: all, so that a batch has one loss.
    package static func tversky(
        labels: Tensor, predictions: Tensor, alpha: Double, beta: Double, axes: [Int]? = nil
    ) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        let common = (y * p).reduceSum(axes: axes)
        let missed = ((1 - p) * y).reduceSum(axes: axes)
        let wrong = (p * (1 - y)).reduceSum(axes: axes)
        return .positions(1 - common / (common + missed * alpha + wrong * beta + epsilon))
    }
}
