import Graph

/// How labels and predictions go up and down together along an axis.
package enum Correlation: Sendable {
    /// Covariance through the product of the deviations (Keras: `PearsonCorrelation`).
    case pearson
    /// Twice the covariance through the sum of the variances and of the squared difference of the means (Lin 1989; Keras:
    /// `ConcordanceCorrelation`).
    case concordance

    /// One number a position: of the labels and predictions along an axis. NaN by `pearson` where all labels or all
    /// predictions are the same.
    func callAsFunction(labels: Tensor, predictions: Tensor, axis: Int) -> Tensor {
        let (y, p) = Losses.aligned(labels, predictions)
        func mean(_ x: Tensor) -> Tensor { x.reduceMean(axes: [axis], keepDimensions: true) }
        let (yMean, pMean) = (mean(y), mean(p))
        let (yOff, pOff) = (y - yMean, p - pMean)
        let covariance = mean(yOff * pOff)
        let (yVariance, pVariance) = (mean(yOff.square()), mean(pOff.square()))
        let values =
            switch self {
            case .pearson: covariance / (yVariance.sqrt() * pVariance.sqrt())
            case .concordance:
                covariance * 2 / (yVariance + pVariance + (yMean - pMean).square() + Losses.epsilon)
            }
        return values.squeeze(at: axis)
    }
}

extension Metric {
    /// The mean correlation of labels and predictions along an axis.
    package static func correlation(
        _ correlation: Correlation, labels: String, predictions: String, axis: Int = -1, weights: String? = nil,
        name: String
    ) -> Metric {
        sums(name: name, inputs: [labels, predictions], weights: weights) {
            PositionSums([correlation(labels: $0[0], predictions: $0[1], axis: axis)])
        }
    }
}
