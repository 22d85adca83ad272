package import Graph

/// Losses of distributions other than cross-entropies.
extension Losses {
    /// p − y ln(p + ε): the negative logarithm of the chance of y events where p are expected, up to what p has no part in
    /// (Keras: `Poisson`).
    package static func poisson(labels: Tensor, predictions: Tensor) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        return .elements(p - y * (p + epsilon).log())
    }

    /// Σ y ln(y / p) along the last axis, both cut to `ε ... 1` (Keras: `KLDivergence`).
    package static func divergence(labels: Tensor, predictions: Tensor) -> LossValues {
        let (given, predicted) = aligned(labels, predictions)
        let (y, p) = (given.clipped(from: epsilon, to: 1), predicted.clipped(from: epsilon, to: 1))
        return .positions((y * (y / p).log()).reduceSum(axes: [-1]))
    }
}
