import Estimator
import Testing

@Suite struct WarmUpDecayTests {
    private static func rates(_ warmUpSteps: Double, _ steps: [Double]) throws -> [Float] {
        let decay = WarmUpDecay(
            peakRate: 2, warmUpSteps: warmUpSteps, decay: PolynomialDecay(initialRate: 2, decaySteps: 10, endRate: 0))
        return try steps.map {
            try ScheduleConformanceTests.rate(LearningRate(decay), stepsDone: $0, on: ExecutorUnderTest.all[0])
        }
    }

    /// A line from nothing to the peak, then the decay as if it had gone on all the while (BERT).
    @Test func aLineComesFirst() throws {
        #expect(try Self.rates(4, [0, 1, 3, 5, 10, 20]) == [0, 0.5, 1.5, 1, 0, 0])
    }

    @Test func aLineOfNoStepsIsOver() throws {
        #expect(try Self.rates(0, [0, 5, 10]) == [2, 1, 0])
    }
}
