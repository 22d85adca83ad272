import Estimator
import Testing

@Suite struct LinearCosineDecayTests {
    private static func rates(_ decay: LinearCosineDecay, _ steps: [Double]) throws -> [Float] {
        try steps.map {
            try ScheduleConformanceTests.rate(LearningRate(decay), stepsDone: $0, on: ExecutorUnderTest.all[0])
        }
    }

    private static func areNear(_ rates: [Float], _ expected: [Float]) -> Bool {
        rates.count == expected.count && zip(rates, expected).allSatisfy { abs($0 - $1) <= 1e-6 }
    }

    /// By half a period the cosine goes from 1 to 0 with the line.
    @Test func itFallsToBeta() throws {
        let rates = try Self.rates(LinearCosineDecay(initialRate: 2, decaySteps: 10), [0, 5, 10, 1000])
        #expect(Self.areNear(rates, [2.002, 2 * (0.5 * 0.5 + 0.001), 0.002, 0.002]), "\(rates)")
    }

    /// After whole periods the cosine is 1 again, and alpha remains of the line.
    @Test func itGoesUpAgain() throws {
        let decay = LinearCosineDecay(initialRate: 1, decaySteps: 8, periods: 2, alpha: 0.5, beta: 0)
        let rates = try Self.rates(decay, [0, 2, 4, 8, 9])
        #expect(Self.areNear(rates, [1.5, 0, 1, 0.5, 0.5]), "\(rates)")
    }
}
