/// The best of one rate among the thresholds at which another is at least so large (Keras: `SensitivityAtSpecificity` and its
/// siblings).
package struct OperatingPoint: Sendable {
    /// What is looked for where what is given.
    package enum Kind: Sendable, CaseIterable {
        /// Recall where the specificity is given.
        case sensitivityAtSpecificity
        /// Specificity where the recall is given.
        case specificityAtSensitivity
        /// Precision where the recall is given.
        case precisionAtRecall
        /// Recall where the precision is given.
        case recallAtPrecision
    }

    package let kind: Kind
    /// What the other rate is at least.
    package let bound: Double

    /// The best of one rate where the other is at least `bound`.
    package init(_ kind: Kind, atLeast bound: Double) {
        self.kind = kind
        self.bound = bound
    }

    /// The best rate; 0 where the other is too small at every threshold.
    func callAsFunction(_ counts: [ConfusionCounts]) -> Double {
        counts.map(rates).filter { $0.given >= bound }.map(\.wanted).max() ?? 0
    }

    private func rates(_ counts: ConfusionCounts) -> (wanted: Double, given: Double) {
        switch kind {
        case .sensitivityAtSpecificity: (counts.recall, counts.specificity)
        case .specificityAtSensitivity: (counts.specificity, counts.recall)
        case .precisionAtRecall: (counts.precision, counts.recall)
        case .recallAtPrecision: (counts.recall, counts.precision)
        }
    }
}

extension Metric {
    /// The best rate at an operating point, among so many thresholds from 0 to 1; one alone is 0.5.
    ///
    /// - Parameter classNumber: the only class that is looked at, a place of the last axis; nil: all are.
    package static func operatingPoint(
        _ point: OperatingPoint, labels: String, predictions: String, thresholds: Int = 200, classNumber: Int? = nil,
        name: String
    ) -> Metric {
        Metric(name: name, inputs: [labels, predictions]) { tensors in
            guard let classNumber else { return tensors }
            let (y, p) = Losses.aligned(tensors[0], tensors[1])
            return [y, p].map { $0.slice(classNumber..<(classNumber + 1), axis: -1) } + tensors.dropFirst(2)
        } makeAccumulator: {
            ThresholdAccumulator(
                thresholds: thresholds < 2 ? [0.5] : ThresholdTally.even(thresholds, margin: 0)
            ) { point($0[0]) }
        }
    }
}
