import Daemon
import Testing

@Suite struct DurationHistogramTests {
    @Test func aBoundHasWhatIsAtMostThatLong() {
        var histogram = DurationHistogram()
        for microseconds in [0, 499, 500, 501, 1_000, 30_000_000, 30_000_001] {
            histogram.add(.microseconds(microseconds))
        }
        let counts = Dictionary(uniqueKeysWithValues: histogram.cumulative.map { ($0.bound, $0.count) })
        #expect(counts["0.0005"] == 3 && counts["0.001"] == 5 && counts["10.0"] == 5)
        #expect(counts["30.0"] == 6 && counts["+Inf"] == 7 && histogram.count == 7)
        #expect(histogram.cumulative.map(\.count) == histogram.cumulative.map(\.count).sorted())
    }

    @Test func sumsAddUp() {
        var (left, right, all) = (DurationHistogram(), DurationHistogram(), DurationHistogram())
        for number in 1...100 {
            let duration = Duration.microseconds(number * number * 500)
            if number.isMultiple(of: 3) { left.add(duration) } else { right.add(duration) }
            all.add(duration)
        }
        #expect(left + right == all && right + left == all)
        #expect(abs(all.sum - 169.175) < 1e-9)
    }
}
