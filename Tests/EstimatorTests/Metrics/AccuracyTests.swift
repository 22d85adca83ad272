import Estimator
import Formats
import Testing

@Suite struct AccuracyTests {
    @Test func sparseAccuracy() throws {
        let metric = Metric.sparseCategoricalAccuracy(labels: "y", scores: "p")
        #expect(metric.name == "accuracy" && metric.inputs == ["y", "p"])
        let first = [NDArray([UInt8(1), 0]), NDArray([Float(0), 2, 1, 3, 3, 1], shape: [2, 3])]
        // A tie goes to the first of the largest.
        #expect(try metric.value([first]) == 1)
        let second = [NDArray([Int64(2)], shape: [1, 1]), NDArray([Float(0), 2, 1], shape: [1, 3])]
        #expect(try metric.value([first, second]) == 2.0 / 3)
        #expect(try metric.value([]) == 0)
        let sequence = [NDArray([Int32(0), 1], shape: [1, 2]), NDArray([Float(5), 1, 5, 1], shape: [1, 2, 2])]
        #expect(try metric.value([sequence]) == 0.5)
    }

    @Test func categoricalAccuracy() throws {
        let metric = Metric.categoricalAccuracy(labels: "y", scores: "p", name: "acc")
        let step = [
            NDArray([Float(0), 1, 1, 0], shape: [2, 2]), NDArray([Float(0.1), 0.9, 0.2, 0.8], shape: [2, 2]),
        ]
        #expect(try metric.value([step]) == 0.5)
        #expect(metric.name == "acc" && metric.named("x").name == "x")
        #expect(try metric.named("x").value([step]) == 0.5)
    }

    @Test func binaryAccuracy() throws {
        let step = [NDArray([Float(1), 0, 1, 0]), NDArray([Float(0.6), 0.5, 0.5, 0.7], shape: [4, 1])]
        #expect(try Metric.binaryAccuracy(labels: "y", scores: "p").value([step]) == 0.5)
        #expect(try Metric.binaryAccuracy(labels: "y", scores: "p", threshold: 0.4).value([step]) == 0.5)
        #expect(try Metric.binaryAccuracy(labels: "y", scores: "p", threshold: 0.65).value([step]) == 0.25)
    }

    @Test func equalNumbers() throws {
        let step = [NDArray([Int64(1), 2, 3]), NDArray([Float(1), 2, 4], shape: [3, 1])]
        #expect(try Metric.accuracy(labels: "y", predictions: "p").value([step]) == 2.0 / 3)
        let weighted = Metric.accuracy(labels: "y", predictions: "p", weights: "w")
        #expect(try weighted.value([step + [NDArray([Float(1), 0, 3])]]) == 0.25)
    }

    /// Scores of the third row tie; the fourth's largest is not finite.
    private static let scores = NDArray(
        [Float(0.2), 0.5, 0.3, 0.3, 0.6, 0.1, 0.4, 0.4, 0.2, 1, 0, .infinity], shape: [4, 3])

    @Test(arguments: [
        ([2, 0, 1, 0], 1, 0.25), ([2, 0, 1, 0], 2, 0.75), ([0, 2, 2, 0], 2, 0), ([3, -1, 1, 0], 3, 0.25),
    ])
    func topK(labels: [Int], k: Int, expected: Double) throws {
        let sparse = Metric.sparseTopKCategoricalAccuracy(labels: "y", scores: "p", k: k)
        #expect(try sparse.value([[NDArray(labels.map { Int32($0) }), Self.scores]]) == expected)
        guard labels.allSatisfy({ (0..<3).contains($0) }) else { return }
        let hot = labels.flatMap { label in (0..<3).map { Float($0 == label ? 1 : 0) } }
        let metric = Metric.topKCategoricalAccuracy(labels: "y", scores: "p", k: k)
        #expect(try metric.value([[NDArray(hot, shape: [4, 3]), Self.scores]]) == expected)
    }
}
