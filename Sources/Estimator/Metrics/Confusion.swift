import Graph

/// Counts of right and wrong decisions, and what is made of them.
extension Metric {
    /// The part of what was found that is right: tp / (tp + fp) (Keras: `Precision`; TensorFlow: `metrics.precision`, whose
    /// predictions are yes where they are not 0).
    public static func precision(
        labels: String, predictions: String, weights: String? = nil, name: String = "precision"
    ) -> Metric {
        decided(
            labels: labels, predictions: predictions, decision: Decision(), weights: weights, name: name, \.precision)
    }

    /// The part of what is there that was found: tp / (tp + fn) (Keras: `Recall`; TensorFlow: `metrics.recall`).
    public static func recall(
        labels: String, predictions: String, weights: String? = nil, name: String = "recall"
    ) -> Metric {
        decided(labels: labels, predictions: predictions, decision: Decision(), weights: weights, name: name, \.recall)
    }

    /// What is made of the counts of right and wrong decisions: one of them, as `\.truePositives` (Keras: `TruePositives` and
    /// its siblings), or a rate, as `\.precision`.
    package static func decided(
        labels: String, predictions: String, decision: Decision, weights: String? = nil, name: String,
        _ finish: @escaping @Sendable (ConfusionCounts) -> Double
    ) -> Metric {
        sums(name: name, inputs: [labels, predictions], weights: weights) { tensors in
            let (isThere, isFound) = decision(labels: tensors[0], predictions: tensors[1])
            let both = [isThere .& isFound, .!isThere .& isFound, .!isThere .& .!isFound, isThere .& .!isFound]
            return PositionSums(both.map { $0.cast(to: .float32) })
        } finish: {
            finish(
                ConfusionCounts(
                    truePositives: $0[0], falsePositives: $0[1], trueNegatives: $0[2], falseNegatives: $0[3]))
        }
    }
}
