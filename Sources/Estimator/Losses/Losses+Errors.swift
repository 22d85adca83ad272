package import Graph

/// Losses of regressions: the mean over a position's numbers.
extension Losses {
    /// (p − y)² (Keras: `MeanSquaredError`).
    package static func squaredErrors(labels: Tensor, predictions: Tensor) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        return .elements(p.squaredDifference(y))
    }

    /// |p − y| (Keras: `MeanAbsoluteError`).
    package static func absoluteErrors(labels: Tensor, predictions: Tensor) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        return .elements((p - y).abs())
    }

    /// 100 · |p − y| / max(|y|, ε) (Keras: `MeanAbsolutePercentageError`).
    package static func percentageErrors(labels: Tensor, predictions: Tensor) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        return .elements(((y - p) / y.abs().maximum(epsilon)).abs() * 100)
    }

    /// (ln(max(p, ε) + 1) − ln(max(y, ε) + 1))² (Keras: `MeanSquaredLogarithmicError`).
    package static func logarithmicErrors(labels: Tensor, predictions: Tensor) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        func log(_ x: Tensor) -> Tensor { (x.maximum(epsilon) + 1).log() }
        return .elements(log(p).squaredDifference(log(y)))
    }

    /// e² / 2 for an error e of up to `delta`, beyond it the line that goes on from there: δ |e| − δ² / 2 (Keras: `Huber`,
    /// TensorFlow 1: `huber_loss`).
    package static func huber(labels: Tensor, predictions: Tensor, delta: Double) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        let error = (p - y).abs()
        let quadratic = error.minimum(delta)
        return .elements(quadratic.square() * 0.5 + (error - quadratic) * delta)
    }

    /// ln cosh(p − y) (Keras: `LogCosh`).
    package static func logCosh(labels: Tensor, predictions: Tensor) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        let error = p - y
        return .elements(error + (error * -2).softplus() - 0.6931471805599453)
    }
}
