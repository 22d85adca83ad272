/// How often a prediction of yes or no was right or wrong, in weights.
package struct ConfusionCounts: Sendable, Equatable {
    /// What is there and was found.
    package var truePositives: Double
    /// What is not there and was found.
    package var falsePositives: Double
    /// What is not there and was not found.
    package var trueNegatives: Double
    /// What is there and was not found.
    package var falseNegatives: Double

    /// Counts; 0 unless said otherwise.
    package init(
        truePositives: Double = 0, falsePositives: Double = 0, trueNegatives: Double = 0, falseNegatives: Double = 0
    ) {
        self.truePositives = truePositives
        self.falsePositives = falsePositives
        self.trueNegatives = trueNegatives
        self.falseNegatives = falseNegatives
    }

    /// The part of what was found that is right; 0 where nothing was found.
    package var precision: Double { truePositives.dividedSafely(by: truePositives + falsePositives) }
    /// The part of what is there that was found (sensitivity); 0 where nothing is there.
    package var recall: Double { truePositives.dividedSafely(by: truePositives + falseNegatives) }
    /// The part of what is not there that was not found; 0 where everything is there.
    package var specificity: Double { trueNegatives.dividedSafely(by: trueNegatives + falsePositives) }
    /// The part of what is not there that was found all the same; 0 where everything is there.
    package var falsePositiveRate: Double { falsePositives.dividedSafely(by: falsePositives + trueNegatives) }
}
