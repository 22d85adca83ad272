import Estimator
import Testing

@Suite struct CosineDecayTests {
    private static func rates(_ decay: CosineDecay, _ steps: [Double]) throws -> [Float] {
        try steps.map {
            try ScheduleConformanceTests.rate(LearningRate(decay), stepsDone: $0, on: ExecutorUnderTest.all[0])
        }
    }

    private static func areNear(_ rates: [Float], _ expected: [Float]) -> Bool {
        rates.count == expected.count && zip(rates, expected).allSatisfy { abs($0 - $1) <= 1e-6 }
    }

    /// From the rate to alpha of it, and no further.
    @Test func itFallsToAlpha() throws {
        let rates = try Self.rates(CosineDecay(initialRate: 2, decaySteps: 10, alpha: 0.25), [0, 5, 10, 1000])
        #expect(Self.areNear(rates, [2, 1.25, 0.5, 0.5]), "\(rates)")
    }

    /// First a line to the target, then the fall from there.
    @Test func itWarmsUp() throws {
        let decay = CosineDecay(initialRate: 1, decaySteps: 10, warmUp: .init(target: 3, steps: 4))
        let rates = try Self.rates(decay, [0, 2, 4, 9, 14, 99])
        #expect(Self.areNear(rates, [1, 2, 3, 1.5, 0, 0]), "\(rates)")
    }

    /// A line of no steps divides by none: the fall from the target begins at once.
    @Test func aWarmUpOfNoStepsIsOver() throws {
        let decay = CosineDecay(initialRate: 1, decaySteps: 10, warmUp: .init(target: 3, steps: 0))
        let rates = try Self.rates(decay, [0, 5, 10])
        #expect(Self.areNear(rates, [3, 1.5, 0]), "\(rates)")
    }
}
