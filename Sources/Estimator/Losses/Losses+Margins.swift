package import Graph

/// Losses that ask for a distance between right and wrong.
extension Losses {
    /// max(0, 1 − y p) with labels −1 and 1 (Keras: `Hinge`). Labels 0 and 1 count as −1 and 1 when a batch has only these.
    package static func hinge(labels: Tensor, predictions: Tensor) -> LossValues {
        .elements(margin(labels, predictions))
    }

    /// The square of ``hinge(labels:predictions:)`` (Keras: `SquaredHinge`).
    package static func squaredHinge(labels: Tensor, predictions: Tensor) -> LossValues {
        .elements(margin(labels, predictions).square())
    }

    /// max(0, 1 + the largest score of a wrong class − the right class's score) with one-hot labels (Keras:
    /// `CategoricalHinge`).
    package static func categoricalHinge(labels: Tensor, predictions: Tensor) -> LossValues {
        let (y, p) = aligned(labels, predictions)
        let right = (y * p).reduceSum(axes: [-1])
        let wrong = ((1 - y) * p).reduceMax(axes: [-1])
        return .positions((wrong - right + 1).maximum(0))
    }

    private static func margin(_ labels: Tensor, _ predictions: Tensor) -> Tensor {
        let (y, p) = aligned(labels, predictions)
        let isBinary = ((y .== 0) .| (y .== 1)).cast(to: y.dtype).reduceMin() .== 1
        let signs = isBinary.select(y * 2 - 1, y)
        return (1 - signs * p).maximum(0)
    }
}
