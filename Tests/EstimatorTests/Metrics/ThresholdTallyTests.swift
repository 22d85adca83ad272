import Estimator
import TestSupport
import Testing

@Suite struct ThresholdTallyTests {
    @Test func aPredictionIsAYesAbove() {
        var tally = ThresholdTally(thresholds: [0.25, 0.5])
        tally.add(isThere: true, prediction: 0.5, weight: 1)
        tally.add(isThere: true, prediction: 0.75, weight: 2)
        tally.add(isThere: false, prediction: 0.3, weight: 4)
        tally.add(isThere: false, prediction: 0.1, weight: 8)
        #expect(
            tally.counts == [
                ConfusionCounts(truePositives: 3, falsePositives: 4, trueNegatives: 8, falseNegatives: 0),
                ConfusionCounts(truePositives: 2, falsePositives: 0, trueNegatives: 12, falseNegatives: 1),
            ])
    }

    /// What lies outside of 0 to 1 counts as its end, and NaN as below everything.
    @Test func ends() {
        var tally = ThresholdTally(thresholds: [-1, 0, 1, 2])
        tally.add(isThere: true, prediction: 9, weight: 1)
        tally.add(isThere: true, prediction: -9, weight: 1)
        tally.add(isThere: true, prediction: .nan, weight: 1)
        #expect(tally.counts.map(\.truePositives) == [2, 1, 0, 0])
        #expect(ThresholdTally(thresholds: [0.5]).counts == [ConfusionCounts()])
    }

    @Test func evenThresholds() {
        #expect(ThresholdTally.even(5, margin: 0) == [0, 0.25, 0.5, 0.75, 1])
        #expect(ThresholdTally.even(3, margin: 0.5) == [-0.5, 0.5, 1.5])
        #expect(ThresholdTally.even(2, margin: 0) == [0, 1])
    }

    /// The same as comparing each prediction with each threshold.
    @Test func countsAreThoseOfComparisons() {
        let seed = UInt64.random(in: 0 ... .max)
        print("seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let thresholds = (0..<7).map { _ in Float.random(in: 0...1, using: &generator) }.sorted()
        let rows = (0..<50).map { _ in
            (
                Bool.random(using: &generator), Float.random(in: 0...1, using: &generator),
                Double(Int.random(in: 0...3, using: &generator))
            )
        }
        var tally = ThresholdTally(thresholds: thresholds)
        for (isThere, prediction, weight) in rows {
            tally.add(isThere: isThere, prediction: prediction, weight: weight)
        }
        for (threshold, counts) in zip(thresholds, tally.counts) {
            func sum(_ isThere: Bool, _ isFound: Bool) -> Double {
                rows.filter { $0.0 == isThere && ($0.1 > threshold) == isFound }.reduce(0) { $0 + $1.2 }
            }
            #expect(
                counts
                    == ConfusionCounts(
                        truePositives: sum(true, true), falsePositives: sum(false, true),
                        trueNegatives: sum(false, false), falseNegatives: sum(true, false)), "seed \(seed)")
        }
    }
}
