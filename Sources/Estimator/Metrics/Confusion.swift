import Graph

/// Counts of right and wrong decisions, and what is made of them.
extension Metric {
    /// The part of what was found that is right: tp / (tp + fp) (Keras: `Precision`; TensorFlow: `metrics.precision`, whose
    /// predictions are yes where they are not 0).
    public static func precision(
        labels: String, predictions: String, weights: String? = nil, name: String = "precision"
    ) -> Metric {
        precision(labels: labels, predictions: predictions, decision: Decision(), weights: weights, name: name)
    }

    /// The part of what is there that was found: tp / (tp + fn) (Keras: `Recall`; TensorFlow: `metrics.recall`).
    public static func recall(
        labels: String, predictions: String, weights: String? = nil, name: String = "recall"
    ) -> Metric {
        recall(labels: labels, predictions: predictions, decision: Decision(), weights: weights, name: name)
    }

    /// ``precision(labels:predictions:weights:name:)`` of predictions that are yes by a decision.
    package static func precision(
        labels: String, predictions: String, decision: Decision, weights: String? = nil, name: String
    ) -> Metric {
        confusion(labels, predictions, decision, weights, name) { $0.precision }
    }

    /// ``recall(labels:predictions:weights:name:)`` of predictions that are yes by a decision.
    package static func recall(
        labels: String, predictions: String, decision: Decision, weights: String? = nil, name: String
    ) -> Metric {
        confusion(labels, predictions, decision, weights, name) { $0.recall }
    }

    /// What is there and was found (Keras: `TruePositives`).
    package static func truePositives(
        labels: String, predictions: String, decision: Decision, weights: String? = nil, name: String
    ) -> Metric {
        confusion(labels, predictions, decision, weights, name) { $0.truePositives }
    }

    /// What is not there and was found (Keras: `FalsePositives`).
    package static func falsePositives(
        labels: String, predictions: String, decision: Decision, weights: String? = nil, name: String
    ) -> Metric {
        confusion(labels, predictions, decision, weights, name) { $0.falsePositives }
    }

    /// What is not there and was not found (Keras: `TrueNegatives`).
    package static func trueNegatives(
        labels: String, predictions: String, decision: Decision, weights: String? = nil, name: String
    ) -> Metric {
        confusion(labels, predictions, decision, weights, name) { $0.trueNegatives }
    }

    /// What is there and was not found (Keras: `FalseNegatives`).
    package static func falseNegatives(
        labels: String, predictions: String, decision: Decision, weights: String? = nil, name: String
    ) -> Metric {
        confusion(labels, predictions, decision, weights, name) { $0.falseNegatives }
    }

    private static func confusion(
        _ labels: String, _ predictions: String, _ decision: Decision, _ weights: String?, _ name: String,
        finish: @escaping @Sendable (ConfusionCounts) -> Double
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
