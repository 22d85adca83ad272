import Estimator
import Testing

@Suite struct LoopPaceTests {
    private static let second: UInt64 = 1_000_000_000

    /// One step at first, then as many as fit, at most eight times as many as before.
    @Test func growsToTheTime() {
        var pace = LoopPace(seconds: 2)
        #expect(pace.iterations == 1)
        for (steps, nanoseconds, next) in [
            (1, Self.second / 100, 8), (8, Self.second / 100 * 8, 64), (64, Self.second / 100 * 64, 200),
            // One that was cut short by what is due takes nothing away.
            (3, Self.second / 100 * 3, 200), (200, Self.second * 4, 100), (0, 0, 100),
            // Slower than a step in the time.
            (100, Self.second * 1000, 1), (1, 0, 8),
        ] as [(Int, UInt64, Int)] {
            pace.add(steps: steps, nanoseconds: nanoseconds)
            #expect(pace.iterations == next, "\(steps) steps in \(nanoseconds)")
        }
    }

    @Test func hugeNumbers() {
        var pace = LoopPace(seconds: .max)
        #expect(pace.nanoseconds == .max)
        for _ in 0..<40 { pace.add(steps: pace.iterations, nanoseconds: 1) }
        #expect(pace.iterations == Int(Int32.max))
        #expect(LoopPace(seconds: -5).nanoseconds == Self.second)
    }
}
