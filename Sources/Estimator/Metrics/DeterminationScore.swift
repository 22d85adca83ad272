/// The part of the labels' variance that predictions explain, R² (Keras: `R2Score`).
package struct DeterminationScore: Sendable {
    /// How several outputs make one number.
    package enum Aggregation: String, Sendable, CaseIterable {
        /// Their mean.
        case uniform = "uniform_average"
        /// Their mean, each with its variance as weight.
        case byVariance = "variance_weighted_average"
    }

    package let aggregation: Aggregation
    /// How many independent numbers the predictions are made of, which the score is adjusted for; 0: it is not.
    package let regressors: Int

    /// A score; Keras' default unless said otherwise.
    package init(_ aggregation: Aggregation = .uniform, regressors: Int = 0) {
        self.aggregation = aggregation
        self.regressors = regressors
    }

    /// Sums over one output's rows.
    struct Sums: Sendable {
        var weights = 0.0
        var labels = 0.0
        var squares = 0.0
        var residuals = 0.0
    }

    /// The score of outputs' sums over `rows` rows; 0 without a row.
    func callAsFunction(_ outputs: [Sums], rows: Int) -> Double {
        guard rows > 0, !outputs.isEmpty else { return 0 }
        let all = outputs.map { sums in
            let total = sums.squares - sums.labels * sums.labels / sums.weights
            let score = 1 - sums.residuals / total
            return (score: score.isInfinite ? 0 : score, total: total)
        }
        let score =
            switch aggregation {
            case .uniform: all.reduce(0) { $0 + $1.score } / Double(all.count)
            case .byVariance: all.reduce(0) { $0 + $1.score * $1.total } / all.reduce(0) { $0 + $1.total }
            }
        // Keras counts the labels of all outputs as samples.
        let samples = Double(rows * outputs.count)
        guard regressors > 0, Double(regressors) < samples - 1 else { return score }
        return 1 - (1 - score) * (samples - 1) / (samples - Double(regressors) - 1)
    }
}

extension Metric {
    /// R² of labels and predictions `[n, outputs]`.
    package static func determination(
        _ score: DeterminationScore, labels: String, predictions: String, name: String
    ) -> Metric {
        Metric(name: name, inputs: [labels, predictions]) {
            let (y, p) = Losses.aligned($0[0], $0[1])
            return [y, p] + $0.dropFirst(2)
        } makeAccumulator: {
            DeterminationAccumulator(score: score)
        }
    }
}

/// Sums for each output.
private struct DeterminationAccumulator: MetricAccumulator {
    private let score: DeterminationScore
    private var outputs: [DeterminationScore.Sums] = []
    private var rows = 0

    init(score: DeterminationScore) { self.score = score }

    mutating func update(_ tensors: [HostTensor]) throws {
        let (labels, predictions) = (tensors[0].doubles, tensors[1].doubles)
        guard let count = tensors[1].shape.last, count > 0, labels.count == predictions.count,
            outputs.isEmpty || outputs.count == count
        else {
            throw MetricError.labelsDontFit(tensors)
        }
        if outputs.isEmpty { outputs = [DeterminationScore.Sums](repeating: .init(), count: count) }
        let weights = try PositionWeights(tensors, count: labels.count)
        for (place, (label, prediction)) in zip(labels, predictions).enumerated() {
            let weight = weights[place]
            outputs[place % count].weights += weight
            outputs[place % count].labels += label * weight
            outputs[place % count].squares += label * label * weight
            outputs[place % count].residuals += (label - prediction) * (label - prediction) * weight
        }
        rows += labels.count / count
    }

    var value: Double { score(outputs, rows: rows) }
}
