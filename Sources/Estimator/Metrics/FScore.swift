/// The weighted harmonic mean of precision and recall (Keras: `FBetaScore`, `F1Score`).
package struct FScore: Sendable {
    /// How several classes make one number.
    package enum Average: String, Sendable, CaseIterable {
        /// The score of all classes' counts together.
        case micro
        /// The mean of the classes' scores.
        case macro
        /// The mean of the classes' scores, each with its labels as weight.
        case weighted
    }

    package let average: Average
    /// How many times as much recall counts as precision.
    package let beta: Double

    /// A score; recall counts as much as precision unless said otherwise.
    package init(_ average: Average, beta: Double = 1) {
        self.average = average
        self.beta = beta
    }

    /// The score of classes' counts.
    func callAsFunction(_ classes: [ConfusionCounts]) -> Double {
        switch average {
        case .micro:
            return score(
                ConfusionCounts(
                    truePositives: classes.reduce(0) { $0 + $1.truePositives },
                    falsePositives: classes.reduce(0) { $0 + $1.falsePositives },
                    falseNegatives: classes.reduce(0) { $0 + $1.falseNegatives }))
        case .macro: return classes.reduce(0) { $0 + score($1) }.dividedSafely(by: Double(classes.count))
        case .weighted:
            let weights = classes.map { $0.truePositives + $0.falseNegatives }
            let sum = zip(classes, weights).reduce(0) { $0 + score($1.0) * $1.1 }
            return sum.dividedSafely(by: weights.reduce(0, +))
        }
    }

    private func score(_ counts: ConfusionCounts) -> Double {
        let (precision, recall, square) = (counts.precision, counts.recall, beta * beta)
        return (precision * recall).dividedSafely(by: square * precision + recall) * (1 + square)
    }
}

extension Metric {
    /// The score of labels `[n, classes]`, 0 or 1 each.
    ///
    /// - Parameter threshold: predictions above it are a yes; nil: each row's largest that is not 0.
    package static func score(
        _ score: FScore, labels: String, predictions: String, threshold: Double? = nil, name: String
    ) -> Metric {
        Metric(name: name, inputs: [labels, predictions]) { tensors in
            let (y, p) = Losses.aligned(tensors[0], tensors[1])
            guard let threshold else {
                let isLargest = p .>= p.reduceMax(axes: [-1], keepDimensions: true)
                return [y, isLargest .& (p.abs() .> 1e-9)] + tensors.dropFirst(2)
            }
            return [y, p .> threshold] + tensors.dropFirst(2)
        } makeAccumulator: {
            ScoreAccumulator(score: score)
        }
    }
}

/// Counts for each class.
private struct ScoreAccumulator: MetricAccumulator {
    private let score: FScore
    private var classes: [ConfusionCounts] = []

    init(score: FScore) { self.score = score }

    mutating func update(_ tensors: [HostTensor]) throws {
        let (labels, found) = (tensors[0].doubles, tensors[1].doubles)
        guard let count = tensors[1].shape.last, count > 0, labels.count == found.count,
            classes.isEmpty || classes.count == count
        else {
            throw MetricError.labelsDontFit(tensors)
        }
        if classes.isEmpty {
            classes = [ConfusionCounts](repeating: ConfusionCounts(), count: count)
        }
        let weights = try PositionWeights(tensors, count: labels.count)
        for (place, (label, isFound)) in zip(labels, found).enumerated() {
            classes[place % count].truePositives += isFound * label * weights[place]
            classes[place % count].falsePositives += isFound * (1 - label) * weights[place]
            classes[place % count].falseNegatives += (1 - isFound) * label * weights[place]
        }
    }

    var value: Double { score(classes) }
}
