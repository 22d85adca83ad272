import Estimator
import Formats
import Glibc
import Testing

@Suite struct AreaUnderCurveTests {
    private static let labels: [Float] = [0, 0, 1, 1, 1, 0, 1, 0]
    private static let scores: [Float] = [0.1, 0.4, 0.35, 0.8, 0.65, 0.65, 0.2, 0]
    private static let steps = [
        [NDArray(Array(labels[..<5])), NDArray(Array(scores[..<5]))],
        [NDArray(Array(labels[5...])), NDArray(Array(scores[5...]))],
    ]

    private func metric(
        _ area: AreaUnderCurve, thresholds: [Float] = AreaUnderCurve.thresholds(11), isByLabel: Bool = false,
        labelWeights: [Double]? = nil, fromLogits: Bool = false
    ) -> Metric {
        .areaUnderCurve(
            labels: "y", predictions: "p", thresholds: thresholds, area: area, isByLabel: isByLabel,
            labelWeights: labelWeights, fromLogits: fromLogits, name: "auc")
    }

    /// Keras' numbers.
    @Test(
        arguments: [
            (.roc, .interpolation, 0.75), (.roc, .minoring, 0.6875), (.roc, .majoring, 0.8125),
            (.precisionRecall, .interpolation, 0.7594291), (.precisionRecall, .minoring, 0.4666667),
            (.precisionRecall, .majoring, 0.8333333),
        ] as [(AreaUnderCurve.Curve, AreaUnderCurve.Summation, Double)])
    func kerasNumbers(curve: AreaUnderCurve.Curve, summation: AreaUnderCurve.Summation, expected: Double) throws {
        #expect(try abs(metric(AreaUnderCurve(curve, summation)).value(Self.steps) - expected) < 1e-6)
    }

    @Test func thresholds() throws {
        #expect(try metric(AreaUnderCurve(), thresholds: AreaUnderCurve.thresholds(200)).value(Self.steps) == 0.71875)
        #expect(try metric(AreaUnderCurve(), thresholds: [-1e-7, 0.3, 0.7, 1.0000001]).value(Self.steps) == 0.6875)
        #expect(AreaUnderCurve.thresholds(3) == [-1e-7, 0.5, 1 + 1e-7])
        #expect(AreaUnderCurve.thresholds(0).count == 2)
    }

    /// A sigmoid is taken of logits, and what lies outside of 0 to 1 counts as its end.
    @Test func logits() throws {
        let logits = Self.scores.map { Float(log((Double($0) + 1e-9) / (1 - Double($0)))) }
        let step = [NDArray(Self.labels), NDArray(logits)]
        #expect(try metric(AreaUnderCurve(), fromLogits: true).value([step]) == 0.75)
        let wide = [NDArray([Float(0), 1, 0]), NDArray([Float(-3), 7, 0.5])]
        #expect(try metric(AreaUnderCurve()).value([wide]) == 1)
        // NaN is above no threshold, the lowest neither: the curve ends at half of what is not there.
        let undefined = [NDArray([Float(0), 1, 0]), NDArray([Float(-3), 7, .nan])]
        #expect(try metric(AreaUnderCurve()).value([undefined]) == 0.5)
    }

    /// Each label has its own curve, and the areas a weighted mean.
    @Test func byLabel() throws {
        let labels = NDArray(Self.labels, shape: [4, 2])
        let scores = NDArray([Float(0.1), 0.6, 0.35, 0.5, 0.05, 0.65, 0.8, 0.7], shape: [4, 2])
        let columns = try (0..<2).map { column in
            let rows = (0..<4).map { $0 * 2 + column }
            let step = try [labels, scores].map { array in
                let all = try array.floats
                return NDArray(rows.map { all[$0] })
            }
            return try metric(AreaUnderCurve()).value([step])
        }
        #expect(columns[0] != columns[1])
        let each = try metric(AreaUnderCurve(), isByLabel: true).value([[labels, scores]])
        #expect(each == (columns[0] + columns[1]) / 2)
        let weighted = try metric(AreaUnderCurve(), isByLabel: true, labelWeights: [1, 3]).value([[labels, scores]])
        #expect(weighted == (columns[0] + 3 * columns[1]) / 4)
    }

    /// A row of weight 0 is not there.
    @Test func weights() throws {
        let step = [
            NDArray(Self.labels + [1]), NDArray(Self.scores + [0]),
            NDArray([Float](repeating: 2, count: 8) + [0]),
        ]
        #expect(try metric(AreaUnderCurve()).weighted(by: "w").value([step]) == 0.75)
    }

    @Test func misfits() throws {
        let (three, two) = (NDArray([Float(1), 0, 1]), NDArray([Float(1), 0]))
        #expect(throws: MetricError.self) { try metric(AreaUnderCurve()).value([[three, two]]) }
        let (wide, narrow) = (NDArray([Float(1), 0], shape: [1, 2]), NDArray([Float(1)], shape: [1, 1]))
        #expect(throws: MetricError.self) {
            try metric(AreaUnderCurve(), isByLabel: true).value([[wide, wide], [narrow, narrow]])
        }
        #expect(try metric(AreaUnderCurve()).value([]) == 0)
    }
}
