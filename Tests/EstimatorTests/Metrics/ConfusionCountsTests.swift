import Estimator
import Testing

@Suite struct ConfusionCountsTests {
    @Test func ratesAreParts() {
        let counts = ConfusionCounts(truePositives: 3, falsePositives: 1, trueNegatives: 4, falseNegatives: 2)
        #expect(counts.precision == 3 / 4.0)
        #expect(counts.recall == 3 / 5.0)
        #expect(counts.specificity == 4 / 5.0)
        #expect(counts.falsePositiveRate == 1 / 5.0)
    }

    /// Weights are counted like rows.
    @Test func ofWeights() {
        let counts = ConfusionCounts(truePositives: 0.25, falsePositives: 0.75, trueNegatives: 1.5, falseNegatives: 0)
        #expect(counts.precision == 0.25)
        #expect(counts.recall == 1)
        #expect(counts.specificity == 1.5 / 2.25)
    }

    @Test func ofNothingIsZero() {
        let nothing = ConfusionCounts()
        for rate in [nothing.precision, nothing.recall, nothing.specificity, nothing.falsePositiveRate] {
            #expect(rate == 0)
        }
        // Nothing was found, though there is something; nothing is not there.
        let missed = ConfusionCounts(falseNegatives: 2)
        #expect(missed.precision == 0 && missed.recall == 0 && missed.specificity == 0)
    }
}
