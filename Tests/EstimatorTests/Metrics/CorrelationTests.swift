import Estimator
import Formats
import Testing

/// Keras' own examples.
@Suite struct CorrelationTests {
    private static let step = [
        NDArray([Float(0), 1, 0.5, 1, 1, 0.2], shape: [2, 3]),
        NDArray([Float(0.1), 0.9, 0.5, 1, 0.9, 0.2], shape: [2, 3]),
    ]

    private static func metric(_ correlation: Correlation, axis: Int = -1) -> Metric {
        .correlation(correlation, labels: "y", predictions: "p", axis: axis, name: "c")
    }

    @Test func pearson() throws {
        #expect(try abs(Self.metric(.pearson).value([Self.step]) - 0.9966996338993913) < 1e-6)
        #expect(try Self.metric(.pearson, axis: 1).value([Self.step]) == Self.metric(.pearson).value([Self.step]))
    }

    @Test func concordance() throws {
        #expect(try abs(Self.metric(.concordance).value([Self.step]) - 0.9816320385426076) < 1e-6)
    }

    /// Two rows in one step or in two.
    @Test func isTheMeanOverRows() throws {
        let rows = try (0..<2).map { row in
            try Self.step.map { try NDArray($0.row(row).floats, shape: [1, 3]) }
        }
        #expect(try abs(Self.metric(.pearson).value(rows) - Self.metric(.pearson).value([Self.step])) < 1e-6)
        let weights = NDArray([Float(1), 0])
        #expect(try abs(Self.metric(.pearson).weighted(by: "w").value([Self.step + [weights]]) - 1) < 1e-6)
    }

    /// As in Keras, where a row does not vary the correlation has no value.
    @Test func isNaNWithoutVariance() throws {
        let flat = [NDArray([Float(1), 1], shape: [1, 2]), NDArray([Float(0), 1], shape: [1, 2])]
        #expect(try Self.metric(.pearson).value([flat]).isNaN)
        #expect(try Self.metric(.concordance).value([flat]) == 0)
    }
}
