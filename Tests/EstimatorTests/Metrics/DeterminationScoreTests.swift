import Estimator
import Formats
import Testing

@Suite struct DeterminationScoreTests {
    private static let labels: [Float] = [1, 2, 3, 1, 2, 5, 4, 0]
    private static let predictions: [Float] = [1.5, 2, 2.5, 1.5, 2, 4, 3, 0.5]

    private func value(_ score: DeterminationScore, _ steps: [[NDArray]]) throws -> Double {
        try Metric.determination(score, labels: "y", predictions: "p", name: "r2").value(steps)
    }

    /// Keras' numbers; seven regressors are too many for eight labels.
    @Test(
        arguments: [
            (DeterminationScore(), 0.79642856), (DeterminationScore(.byVariance), 0.84210527),
            (DeterminationScore(regressors: 2), 0.715), (DeterminationScore(regressors: 7), 0.79642856),
        ] as [(DeterminationScore, Double)])
    func kerasNumbers(score: DeterminationScore, expected: Double) throws {
        let whole = [[NDArray(Self.labels, shape: [4, 2]), NDArray(Self.predictions, shape: [4, 2])]]
        #expect(try abs(value(score, whole) - expected) < 1e-6)
        let parts = [0..<2, 2..<8].map { part in
            [Self.labels, Self.predictions].map { NDArray(Array($0[part]), shape: [part.count / 2, 2]) }
        }
        #expect(try abs(value(score, parts) - expected) < 1e-6)
    }

    /// A row of weight 2 is one that comes twice, a row of weight 0 is not there.
    @Test func weights() throws {
        let metric = Metric.determination(DeterminationScore(), labels: "y", predictions: "p", name: "r2")
        let weighted = try metric.weighted(by: "w").value([
            [NDArray([Float(1), 3, 4, 9]), NDArray([Float(1.5), 3, 5, 0]), NDArray([Float(2), 1, 1, 0])]
        ])
        let twice = try metric.value([[NDArray([Float(1), 1, 3, 4]), NDArray([Float(1.5), 1.5, 3, 5])]])
        #expect(abs(weighted - twice) < 1e-12)
        #expect(abs(twice - (1 - 1.5 / (27 - 81 / 4.0))) < 1e-12)
    }

    /// Labels without variance: 0, where a prediction misses.
    @Test func constantLabels() throws {
        #expect(try value(DeterminationScore(), [[NDArray([Float(1), 1]), NDArray([Float(1), 2])]]) == 0)
        #expect(try value(DeterminationScore(), []) == 0)
        let (wide, narrow) = (NDArray([Float(1), 0], shape: [1, 2]), NDArray([Float(1)], shape: [1, 1]))
        #expect(throws: MetricError.self) { try value(DeterminationScore(), [[wide, wide], [narrow, narrow]]) }
    }
}
