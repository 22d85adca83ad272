/// Tallies labels and predictions for a row of thresholds.
package struct ThresholdAccumulator: MetricAccumulator {
    private let thresholds: [Float]
    private let isByLabel: Bool
    private let finish: @Sendable ([[ConfusionCounts]]) -> Double
    private var tallies: [ThresholdTally] = []

    /// An accumulator that has seen nothing.
    ///
    /// - Parameters:
    ///   - thresholds: ascending; a prediction counts as a yes where it is above.
    ///   - isByLabel: whether each number of a row has a tally of its own; false: all have one.
    ///   - finish: a number from each tally's counts by threshold.
    package init(
        thresholds: [Float], isByLabel: Bool = false, finish: @escaping @Sendable ([[ConfusionCounts]]) -> Double
    ) {
        self.thresholds = thresholds
        self.isByLabel = isByLabel
        self.finish = finish
    }

    /// Takes labels, predictions of as many numbers, and their weights where there are any.
    package mutating func update(_ tensors: [HostTensor]) throws {
        let (labels, predictions) = (tensors[0].doubles, tensors[1].floats)
        let count = isByLabel ? tensors[1].shape.last ?? 1 : 1
        guard labels.count == predictions.count, count > 0, tallies.isEmpty || tallies.count == count else {
            throw MetricError.labelsDontFit(tensors)
        }
        if tallies.isEmpty {
            tallies = [ThresholdTally](repeating: ThresholdTally(thresholds: thresholds), count: count)
        }
        let weights = try PositionWeights(tensors, count: predictions.count)
        for place in predictions.indices {
            tallies[place % count].add(
                isThere: labels[place] != 0, prediction: predictions[place], weight: weights[place])
        }
    }

    /// The number so far; 0 before the first step.
    package var value: Double { tallies.isEmpty ? 0 : finish(tallies.map(\.counts)) }
}
