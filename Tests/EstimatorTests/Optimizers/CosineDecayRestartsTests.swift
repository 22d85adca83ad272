import Estimator
import Testing

@Suite struct CosineDecayRestartsTests {
    private static func expect(
        _ decay: CosineDecayRestarts, _ expected: [(step: Double, rate: Float)],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for (step, rate) in expected {
            let found = try ScheduleConformanceTests.rate(
                LearningRate(decay), stepsDone: step, on: ExecutorUnderTest.all[0])
            #expect(abs(found - rate) <= 1e-5, "step \(step): \(found)", sourceLocation: sourceLocation)
        }
    }

    /// Periods of one length, each from half the rate of the one before it.
    @Test func periodsMayBeOfOneLength() throws {
        try Self.expect(
            CosineDecayRestarts(initialRate: 2, firstDecaySteps: 4, periodFactor: 1, rateFactor: 0.5),
            [(0, 2), (2, 1), (4, 1), (6, 0.5), (8, 0.5), (10, 0.25), (12, 0.25)])
    }

    /// Periods of 4, 8 and 16 steps. At a restart itself the rounding of a logarithm decides on which side it is.
    @Test func periodsMayGrow() throws {
        try Self.expect(
            CosineDecayRestarts(initialRate: 2, firstDecaySteps: 4, periodFactor: 2, rateFactor: 0.5),
            [(0, 2), (2, 1), (8, 0.5), (20, 0.25)])
    }

    /// The rate never falls below alpha of the first one.
    @Test func theRateHasALeast() throws {
        try Self.expect(
            CosineDecayRestarts(initialRate: 2, firstDecaySteps: 4, periodFactor: 1, alpha: 0.5),
            [(0, 2), (2, 1.5), (6, 1.5)])
    }
}
