import Jobs
import Testing
import TestSupport

@Suite struct TimestampTests {
    private static let awkward: [Double] = [
        0, -0.0, 1, -1, 0.5, 1e-9, 1.7e9, 1e12, 9.2e12, 9.3e12, 1e21, 1e300, -1e21, -1e300, .infinity, -.infinity, .nan,
        .greatestFiniteMagnitude, .leastNonzeroMagnitude, 9_223_372_036_854.775, -9_223_372_036_854.776,
    ]

    @Test func secondsBeyondTheRangeAreItsEnds() {
        #expect(Timestamp(seconds: 1e21) == Timestamp(microseconds: .max))
        #expect(Timestamp(seconds: -.infinity) == Timestamp(microseconds: .min))
        #expect(Timestamp(seconds: .nan) == Timestamp(microseconds: 0))
        #expect(Timestamp(seconds: 1.5).microseconds == 1_500_000)
        #expect(Timestamp(microseconds: 5).advanced(bySeconds: .infinity).microseconds == .max)
        #expect(Timestamp(microseconds: -5).advanced(bySeconds: -1e300).microseconds == .min)
        #expect(Timestamp(microseconds: 5).advanced(bySeconds: .nan).microseconds == 5)
        #expect(Timestamp(microseconds: -1).milliseconds == -1)
        #expect(Timestamp(microseconds: -1000).milliseconds == -1)
        #expect(Timestamp(microseconds: 1999).milliseconds == 1)
    }

    /// No moment and no number of seconds traps, and the order is kept.
    @Test func arithmeticSaturates() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let moment = Self.moment(&generator)
            let other = Self.moment(&generator)
            let seconds = Self.seconds(&generator)
            let later = moment.advanced(bySeconds: seconds)
            #expect(seconds < 0 ? later <= moment : later >= moment, "seed \(seed): \(moment) \(seconds)")
            let apart = moment.seconds(since: other)
            #expect(apart.isFinite && (moment < other ? apart < 0 : apart >= 0), "seed \(seed): \(moment) \(other)")
            #expect((Timestamp(seconds: seconds) < Timestamp(microseconds: 0)) <= (seconds < 0), "seed \(seed)")
            let milliseconds = moment.milliseconds
            #expect(milliseconds <= moment.microseconds / 1000 && milliseconds >= Int64.min / 1000 - 1, "seed \(seed)")
        }
    }

    private static func moment(_ generator: inout SeededGenerator) -> Timestamp {
        switch Int.random(in: 0..<4, using: &generator) {
        case 0:
            Timestamp(microseconds: [.min, .min + 1, -1, 0, 1, .max - 1, .max].randomElement(using: &generator) ?? 0)
        case 1: Timestamp(seconds: Self.seconds(&generator))
        case 2: Timestamp(microseconds: .random(in: .min ... .max, using: &generator))
        default: Timestamp(microseconds: .random(in: 0...3_000_000_000_000_000, using: &generator))
        }
    }

    private static func seconds(_ generator: inout SeededGenerator) -> Double {
        Bool.random(using: &generator)
            ? awkward.randomElement(using: &generator) ?? 0
            : Double(bitPattern: .random(in: .min ... .max, using: &generator))
    }
}

extension Bool {
    /// Implication: only true is not at most false.
    fileprivate static func <= (left: Bool, right: Bool) -> Bool { !left || right }
}
