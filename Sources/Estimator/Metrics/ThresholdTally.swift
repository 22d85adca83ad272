/// Counts of yes and no for every threshold of a row at once.
package struct ThresholdTally: Sendable {
    /// Ascending; a prediction counts as a yes where it is above.
    package let thresholds: [Float]
    /// Weights of what is there and of what is not, by how many thresholds lie below the prediction.
    private var there: [Double]
    private var absent: [Double]

    /// A tally that has seen nothing.
    package init(thresholds: [Float]) {
        self.thresholds = thresholds
        there = [Double](repeating: 0, count: thresholds.count + 1)
        absent = there
    }

    /// So many thresholds from 0 to 1 at even distances, the outer ones moved out by `margin` (TensorFlow's and Keras' AUC:
    /// 1e-7); at least 2.
    package static func even(_ count: Int, margin: Double) -> [Float] {
        let inner = (1..<max(1, count - 1)).map { Float(Double($0) / Double(count - 1)) }
        return [Float(0 - margin)] + inner + [Float(1 + margin)]
    }

    /// Takes one prediction; outside of 0 to 1 it counts as the nearer end, NaN as below every threshold.
    package mutating func add(isThere: Bool, prediction: Float, weight: Double) {
        let below = prediction.isNaN ? 0 : count(below: min(max(prediction, 0), 1))
        if isThere { there[below] += weight } else { absent[below] += weight }
    }

    /// How many thresholds lie below a number.
    private func count(below number: Float) -> Int {
        var (low, high) = (0, thresholds.count)
        while low < high {
            let middle = (low + high) / 2
            if thresholds[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The counts at each threshold.
    package var counts: [ConfusionCounts] {
        let (allThere, allAbsent) = (there.reduce(0, +), absent.reduce(0, +))
        var (found, wrong) = (0.0, 0.0)
        let descending = thresholds.indices.reversed().map { place in
            found += there[place + 1]
            wrong += absent[place + 1]
            return ConfusionCounts(
                truePositives: found, falsePositives: wrong, trueNegatives: allAbsent - wrong,
                falseNegatives: allThere - found)
        }
        return descending.reversed()
    }
}
