import Graph

/// Means of numbers and of errors; with weights, weighted means.
extension Metric {
    /// The mean of all elements (TensorFlow: `metrics.mean`).
    public static func mean(_ values: String, weights: String? = nil, name: String = "mean") -> Metric {
        sums(name: name, inputs: [values], weights: weights) {
            PositionSums([$0[0].dtype.isFloating ? $0[0] : $0[0].cast(to: .float32)])
        }
    }

    /// The mean of (prediction − label)² over all elements (Keras: `MeanSquaredError`, `mse`).
    public static func meanSquaredError(
        labels: String, predictions: String, weights: String? = nil, name: String = "mse"
    ) -> Metric {
        sums(name: name, inputs: [labels, predictions], weights: weights) {
            PositionSums(Losses.squaredErrors(labels: $0[0], predictions: $0[1]).ofElements)
        }
    }

    /// The mean of |prediction − label| over all elements (Keras: `MeanAbsoluteError`, `mae`).
    public static func meanAbsoluteError(
        labels: String, predictions: String, weights: String? = nil, name: String = "mae"
    ) -> Metric {
        sums(name: name, inputs: [labels, predictions], weights: weights) {
            PositionSums(Losses.absoluteErrors(labels: $0[0], predictions: $0[1]).ofElements)
        }
    }

    /// The root of the mean of (prediction − label)² (Keras: `RootMeanSquaredError`).
    public static func rootMeanSquaredError(
        labels: String, predictions: String, weights: String? = nil, name: String = "root_mean_squared_error"
    ) -> Metric {
        sums(name: name, inputs: [labels, predictions], weights: weights) {
            PositionSums(Losses.squaredErrors(labels: $0[0], predictions: $0[1]).ofElements)
        } finish: {
            $0[0].dividedSafely(by: $0[1]).squareRoot()
        }
    }

    /// The mean of |prediction − label| / normalizer, 0 where the normalizer is 0 (Keras: `MeanRelativeError`, TensorFlow:
    /// `metrics.mean_relative_error`).
    ///
    /// - Parameters:
    ///   - labels: the tensor of the true numbers.
    ///   - predictions: the tensor of the predicted numbers.
    ///   - normalizer: one number, or one for each place of the last axis.
    ///   - weights: the tensor of the weights; nil, the default: all weigh the same.
    ///   - name: what the metric is reported under.
    public static func meanRelativeError(
        labels: String, predictions: String, normalizer: [Double], weights: String? = nil,
        name: String = "mean_relative_error"
    ) -> Metric {
        sums(name: name, inputs: [labels, predictions], weights: weights) { tensors in
            let (y, p) = Losses.aligned(tensors[0], tensors[1])
            let divisor =
                normalizer.count == 1
                ? p.builder.constant(normalizer[0], dtype: p.dtype)
                : p.builder.constant(normalizer, shape: [normalizer.count], dtype: p.dtype)
            return PositionSums([(y - p).abs().divideNoNaN(divisor)])
        }
    }

    /// The mean cosine of the angle between labels and predictions along an axis (Keras: `CosineSimilarity`).
    package static func cosineSimilarity(
        labels: String, predictions: String, axis: Int = -1, weights: String? = nil, name: String
    ) -> Metric {
        sums(name: name, inputs: [labels, predictions], weights: weights) { tensors in
            let losses = Losses.cosineSimilarity(labels: tensors[0], predictions: tensors[1], axis: axis)
            return PositionSums([-losses.positions])
        }
    }
}
