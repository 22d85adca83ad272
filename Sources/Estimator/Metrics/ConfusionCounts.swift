/// How often a prediction of yes or no was right or wrong, in weights.
struct ConfusionCounts: Sendable, Equatable {
    var truePositives: Double
    var falsePositives: Double
    var trueNegatives: Double
    var falseNegatives: Double

    /// The part of what was found that is right; 0 where nothing was found.
    var precision: Double { truePositives.dividedSafely(by: truePositives + falsePositives) }
    /// The part of what is there that was found (sensitivity); 0 where nothing is there.
    var recall: Double { truePositives.dividedSafely(by: truePositives + falseNegatives) }
    /// The part of what is not there that was not found.
    var specificity: Double { trueNegatives.dividedSafely(by: trueNegatives + falsePositives) }
    /// The part of what is not there that was found all the same.
    var falsePositiveRate: Double { falsePositives.dividedSafely(by: falsePositives + trueNegatives) }
}
