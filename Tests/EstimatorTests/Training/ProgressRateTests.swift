import Estimator
import Testing

@Suite struct ProgressRateTests {
    private static let second: UInt64 = 1_000_000_000

    /// Loops of 100 steps that take 10 ms, and a pause of 20 ms after each: what counts is 100 steps in 30 ms.
    @Test func pausesCount() {
        var rate = ProgressRate(now: 5)
        var now: UInt64 = 5
        for loop in 0..<50 {
            now += Self.second / 100
            let shown = rate.add(steps: 100, now: now)
            if loop > 10 { #expect(abs(shown * 0.03 / 100 - 1) < 0.1, "\(shown)") }
            now += Self.second / 50
        }
    }

    /// After ten time constants an earlier speed is forgotten; after a tenth of one it rules still.
    @Test func forgets() {
        var rate = ProgressRate(now: 0)
        var now: UInt64 = 0
        func run(_ seconds: Int, stepsPerSecond: Int) -> Double {
            var shown = 0.0
            for _ in 0..<seconds {
                now += Self.second
                shown = rate.add(steps: stepsPerSecond, now: now)
            }
            return shown
        }
        #expect(abs(run(300, stepsPerSecond: 1000) - 1000) < 1e-6)
        #expect(run(3, stepsPerSecond: 10) > 800)
        #expect(abs(run(300, stepsPerSecond: 10) - 10) < 1)
    }

    @Test func aClockThatStops() {
        var rate = ProgressRate(now: 100)
        #expect(rate.add(steps: 5, now: 100).isFinite)
        #expect(rate.add(steps: 5, now: 50).isFinite)
    }
}
