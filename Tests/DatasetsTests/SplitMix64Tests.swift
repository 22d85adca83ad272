import Datasets
import Testing

@Suite struct SplitMix64Tests {
    /// A job's bytes depend on these numbers: they are the same for ever.
    @Test func theNumbersNeverChange() {
        var random = SplitMix64(seed: 42, stream: 7)
        var again = SplitMix64(seed: 42, stream: 7)
        let first = (0..<4).map { _ in random.next() }
        #expect(first == (0..<4).map { _ in again.next() })
        var next = SplitMix64(seed: 42, stream: 8)
        #expect(next.next() != first[0])
        var other = SplitMix64(seed: 43, stream: 7)
        #expect(other.next() != first[0])
    }

    @Test(arguments: [1, 2, 3, 1000, UInt64(1) << 33, .max] as [UInt64]) func staysBelowItsBound(bound: UInt64) {
        let seed = UInt64.random(in: 0 ... .max)
        print("numbers of seed \(seed)")
        var random = SplitMix64(seed: seed, stream: 0)
        for _ in 0..<2000 { #expect(random.next(below: bound) < bound, "seed \(seed)") }
    }

    @Test func eachNumberIsEquallyLikely() {
        var random = SplitMix64(seed: 1, stream: 2)
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[Int(random.next(below: 6))] += 1 }
        // Five standard deviations of a binomial of 60,000 and 1/6.
        #expect(counts.allSatisfy { abs($0 - 10_000) < 460 }, "\(counts)")
        let units = (0..<10_000).map { _ in random.nextUnit() }
        #expect(units.allSatisfy { 0..<1 ~= $0 })
        #expect(abs(units.reduce(0, +) / 10_000 - 0.5) < 0.015)
    }
}
