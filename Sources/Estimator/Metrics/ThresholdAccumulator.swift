/// Tallies labels and predictions for a row of thresholds.
struct ThresholdAccumulator: MetricAccumulator {
    private let thresholds: [Float]
    private let isByLabel: Bool
    private let finish: @Sendable ([[ConfusionCounts]]) -> Double
    private var tallies: [ThresholdTally] = []

    /// - Parameters:
    ///   - isByLabel: whether each number of a row has a tally of its own; false: all have one.
    ///   - finish: a number from each tally's counts by threshold.
    init(
        thresholds: [Float], isByLabel: Bool = false, finish: @escaping @Sendable ([[ConfusionCounts]]) -> Double
    ) {
        self.thresholds = thresholds
        self.isByLabel = isByLabel
        self.finish = finish
    }

    mutating func update(_ tensors: [HostTensor]) throws {
        let (labels, predictions) = (tensors[0].doubles, tensors[1].floats)
        let count = isByLabel ? tensors[1].shape.last ?? 1 : 1
        guard labels.count == predictions.count, count > 0, tallies.isEmpty || tallies.count == count else {
            throw MetricError(
                "labels of shape \(tensors[0].type.shape) don't fit predictions of shape \(tensors[1].type.shape)")
        }
        if tallies.isEmpty {
            tallies = [ThresholdTally](repeating: ThresholdTally(thresholds: thresholds), count: count)
        }
        // One weight a row is that of its numbers.
        let weights = tensors.count > 2 ? tensors[2].doubles : []
        for place in predictions.indices {
            tallies[place % count].add(
                isThere: labels[place] != 0, prediction: predictions[place],
                weight: weights.isEmpty ? 1 : weights[place * weights.count / predictions.count])
        }
    }

    var value: Double { tallies.isEmpty ? 0 : finish(tallies.map(\.counts)) }
}
