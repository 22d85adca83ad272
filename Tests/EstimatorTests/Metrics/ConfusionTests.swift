import Estimator
import Formats
import Testing

@Suite struct ConfusionTests {
    private static let labels = NDArray([Float(0), 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0], shape: [4, 3])
    /// The last row's largest numbers are equal.
    private static let scores = NDArray(
        [Float(0.2), 0.5, 0.3, 0.3, 0.6, 0.1, 0.1, 0.2, 0.7, 0.45, 0.45, 0.1], shape: [4, 3])

    private func value(_ make: (String, String) -> Metric) throws -> Double {
        try make("y", "p").value([[Self.labels, Self.scores]])
    }

    /// Keras' numbers.
    @Test(
        arguments: [
            (Decision(above: 0.5), 0.5, 0.25), (Decision(above: 0.4), 0.6, 0.75), (Decision(top: 1), 0.5, 0.5),
            (Decision(top: 2), 0.5, 1), (Decision(above: 0.5, classNumber: 1), 0, 0),
            (Decision(top: 1, classNumber: 1), 0.5, 0.5), (Decision(above: 0.46, top: 2), 2 / 3.0, 0.5),
            (Decision(top: 3), 1 / 3.0, 1), (Decision(), 1 / 3.0, 1),
        ] as [(Decision, Double, Double)])
    func rates(decision: Decision, precision: Double, recall: Double) throws {
        let found = try value { .decided(labels: $0, predictions: $1, decision: decision, name: "m", \.precision) }
        #expect(found == precision)
        #expect(try value { .decided(labels: $0, predictions: $1, decision: decision, name: "m", \.recall) } == recall)
    }

    @Test(arguments: [(0.5, [1, 1, 7, 3]), (0.25, [4, 3, 5, 0])] as [(Double, [Double])])
    func counts(threshold: Double, expected: [Double]) throws {
        let decision = Decision(above: threshold)
        let all = [
            try value { .decided(labels: $0, predictions: $1, decision: decision, name: "m", \.truePositives) },
            try value { .decided(labels: $0, predictions: $1, decision: decision, name: "m", \.falsePositives) },
            try value { .decided(labels: $0, predictions: $1, decision: decision, name: "m", \.trueNegatives) },
            try value { .decided(labels: $0, predictions: $1, decision: decision, name: "m", \.falseNegatives) },
        ]
        #expect(all == expected)
    }

    /// Nothing found, nothing there: 0, as TensorFlow's safe division gives; TensorFlow 1's yes is anything but 0.
    @Test func ofNothing() throws {
        let nothing = [NDArray([Int32(0), 0]), NDArray([Int32(0), 0])]
        #expect(try Metric.precision(labels: "y", predictions: "p").value([nothing]) == 0)
        #expect(try Metric.recall(labels: "y", predictions: "p").value([nothing]) == 0)
        let some = [NDArray([Int32(1), 0]), NDArray([Int32(-3), 7]), NDArray([Float(3), 1])]
        #expect(try Metric.precision(labels: "y", predictions: "p", weights: "w").value([some]) == 0.75)
    }
}
