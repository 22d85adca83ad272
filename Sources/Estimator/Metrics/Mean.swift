import Graph

extension Metric {
    /// The mean of all elements (TensorFlow: `metrics.mean`).
    public static func mean(_ values: String, name: String = "mean") -> Metric {
        Metric(name: name, inputs: [values]) {
            MeanAccumulator { tensors in tensors[0].doubles }
        }
    }

    /// The mean of (prediction − label)² over all elements (Keras: `MeanSquaredError`, `mse`).
    public static func meanSquaredError(
        labels: String, predictions: String, name: String = "mse"
    ) -> Metric {
        Metric(name: name, inputs: [labels, predictions]) {
            MeanAccumulator { try Deviations.of($0).map { $0 * $0 } }
        }
    }

    /// The mean of |prediction − label| over all elements (Keras: `MeanAbsoluteError`, `mae`).
    public static func meanAbsoluteError(
        labels: String, predictions: String, name: String = "mae"
    ) -> Metric {
        Metric(name: name, inputs: [labels, predictions]) {
            MeanAccumulator { try Deviations.of($0).map { abs($0) } }
        }
    }

    /// The root of the mean of (prediction − label)² (Keras: `RootMeanSquaredError`).
    public static func rootMeanSquaredError(
        labels: String, predictions: String, name: String = "root_mean_squared_error"
    ) -> Metric {
        Metric(name: name, inputs: [labels, predictions]) {
            MeanAccumulator(finish: { $0.squareRoot() }) { try Deviations.of($0).map { $0 * $0 } }
        }
    }
}

/// What regressions' metrics are made of.
enum Deviations {
    /// Prediction minus label, element by element; labels `[n]` count as `[n, 1]`.
    static func of(_ tensors: [HostTensor]) throws(MetricError) -> [Double] {
        let (labels, predictions) = (tensors[0].doubles, tensors[1].doubles)
        guard labels.count == predictions.count else {
            throw MetricError(
                "labels of shape \(tensors[0].type.shape) don't fit predictions of shape \(tensors[1].type.shape)")
        }
        return zip(labels, predictions).map { $1 - $0 }
    }
}

/// Sums elements in double precision and divides by their number.
struct MeanAccumulator: MetricAccumulator {
    private var sum = 0.0
    private var count = 0
    private let finish: @Sendable (Double) -> Double
    private let values: @Sendable ([HostTensor]) throws -> [Double]

    init(
        finish: @escaping @Sendable (Double) -> Double = { $0 },
        values: @escaping @Sendable ([HostTensor]) throws -> [Double]
    ) {
        self.finish = finish
        self.values = values
    }

    mutating func update(_ tensors: [HostTensor]) throws {
        let values = try values(tensors)
        for value in values { sum += value }
        count += values.count
    }

    var value: Double { count == 0 ? 0 : finish(sum / Double(count)) }
}
