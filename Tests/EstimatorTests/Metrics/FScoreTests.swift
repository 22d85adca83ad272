import Estimator
import Formats
import Testing

@Suite struct FScoreTests {
    private static let step = [
        NDArray([Float(0), 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0], shape: [4, 3]),
        NDArray([Float(0.2), 0.5, 0.3, 0.3, 0.6, 0.1, 0.1, 0.2, 0.7, 0.45, 0.45, 0.1], shape: [4, 3]),
    ]

    private func value(_ score: FScore, threshold: Double? = nil, _ steps: [[NDArray]] = [step]) throws -> Double {
        try Metric.score(score, labels: "y", predictions: "p", threshold: threshold, name: "f").value(steps)
    }

    /// Keras' numbers.
    @Test(
        arguments: [
            (.micro, 0.6666667, 0.7142857), (.macro, 0.6, 0.6363636), (.weighted, 0.65, 0.7045454),
        ] as [(FScore.Average, Double, Double)])
    func kerasNumbers(average: FScore.Average, f1: Double, f2: Double) throws {
        #expect(try abs(value(FScore(average)) - f1) < 1e-6)
        #expect(try abs(value(FScore(average, beta: 2), threshold: 0.4) - f2) < 1e-6)
    }

    /// The first row counts three times: of class 0 there are 3 of 3 + 1 found right, of class 1 none of one.
    @Test func weights() throws {
        let labels = NDArray([Float(1), 0, 0, 1], shape: [2, 2])
        let scores = NDArray([Float(1), 0, 1, 0], shape: [2, 2])
        let metric = Metric.score(FScore(.macro), labels: "y", predictions: "p", threshold: 0.5, name: "f")
            .weighted(by: "w")
        // precision 3/4, recall 1.
        #expect(try abs(metric.value([[labels, scores, NDArray([Float(3), 1])]]) - (6 / 7.0 + 0) / 2) < 1e-12)
    }

    /// A row of zeros predicts nothing, a class without labels and predictions scores 0.
    @Test func ofNothing() throws {
        let zeros = NDArray([Float](repeating: 0, count: 3), shape: [1, 3])
        #expect(try value(FScore(.macro), [[zeros, zeros]]) == 0)
        #expect(try value(FScore(.weighted), []) == 0)
        let narrow = NDArray([Float(1)], shape: [1, 1])
        #expect(throws: MetricError.self) { try value(FScore(.macro), [[zeros, zeros], [narrow, narrow]]) }
    }
}
