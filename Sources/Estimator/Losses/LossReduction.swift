package import Graph

/// How a batch's losses become one number, s being the sum of the losses times their weights (1 unless given). A division
/// by 0 gives 0.
public enum LossReduction: Sendable, CaseIterable {
    /// s (TensorFlow's and Keras' `SUM`).
    case sum
    /// s divided by the number of losses (`SUM_OVER_BATCH_SIZE`; Keras' default).
    case sumOverBatchSize
    /// s divided by the sum of the weights (TensorFlow 1's `MEAN`; Keras' `mean_with_sample_weight`).
    case mean
    /// s divided by the number of weights that are not 0 (TensorFlow 1's default, `SUM_BY_NONZERO_WEIGHTS`).
    case sumByNonzeroWeights

    /// One number from losses.
    ///
    /// - Parameter weights: of the losses' shape, or one that broadcasts to it, or with axes less at the end: one weight a
    ///   row. Nil: all are 1.
    package func callAsFunction(_ losses: LossValues, weights: Tensor? = nil) -> Tensor {
        if weights == nil, losses.mask == nil { return self == .sum ? losses.positions.reduceSum() : losses.mean }
        let values = losses.positions
        let mask = losses.mask
        var all = mask ?? values.builder.constant(1, shape: values.shape, dtype: values.dtype)
        if let weights { all = all * Self.spread(weights.cast(to: values.dtype), over: values) }
        let sum = (values * all).reduceSum()
        switch self {
        case .sum: return sum
        case .sumOverBatchSize: return mask.map { sum.divideNoNaN($0.reduceSum()) } ?? sum / Double(values.shape.count)
        case .mean: return sum.divideNoNaN(all.reduceSum())
        case .sumByNonzeroWeights:
            return sum.divideNoNaN((all .!= 0).cast(to: values.dtype).reduceSum())
        }
    }

    /// Weights of the losses' shape: axes of extent 1 at the end come and go as the losses need them.
    static func spread(_ weights: Tensor, over values: Tensor) -> Tensor {
        var weights = weights
        while weights.rank > values.rank, weights.shape.dimensions.last == 1 { weights = weights.squeeze(at: -1) }
        if weights.rank > 0 {
            while weights.rank < values.rank { weights = weights.expandDimensions(at: weights.rank) }
        }
        return weights.broadcast(to: values.shape)
    }
}
