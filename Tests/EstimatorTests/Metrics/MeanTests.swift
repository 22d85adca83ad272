import Estimator
import Formats
import Testing

@Suite struct MeanTests {
    @Test func means() throws {
        #expect(try Metric.mean("x").value([[NDArray([Float(1), 2])], [NDArray([Float(6)])]]) == 3)
        #expect(try Metric.mean("x").value([[NDArray([Int64(1), 2])]]) == 1.5)
        let steps = [
            [NDArray([Float(1), 2]), NDArray([Float(2), 4], shape: [2, 1])],
            [NDArray([Float(0)]), NDArray([Float(2)])],
        ]
        #expect(try Metric.meanSquaredError(labels: "y", predictions: "p").value(steps) == 3)
        #expect(try Metric.meanAbsoluteError(labels: "y", predictions: "p").value(steps) == 5.0 / 3)
        #expect(try Metric.rootMeanSquaredError(labels: "y", predictions: "p").value(steps) == 3.0.squareRoot())
    }

    @Test func weights() throws {
        let metric = Metric.mean("x", weights: "w")
        #expect(metric.inputs == ["x", "w"])
        #expect(try metric.value([[NDArray([Float(1), 2]), NDArray([Float(3), 1])]]) == 1.25)
        #expect(try metric.value([[NDArray([Float(1), 2]), NDArray([Float(0), 0])]]) == 0)
        // One weight a row.
        let table = NDArray([Float(1), 2, 3, 4], shape: [2, 2])
        #expect(try metric.value([[table, NDArray([Float(1), 3])]]) == 3)
    }

    /// A last batch of fewer rows weighs as many rows as it has.
    @Test func rowsWeighTheSame() throws {
        let steps = [[NDArray([Float(1), 1, 1])], [NDArray([Float(5)])]]
        #expect(try Metric.mean("x").value(steps) == 2)
    }

    @Test func relativeErrors() throws {
        let step = [NDArray([Float(1), 2, 3, 4], shape: [2, 2]), NDArray([Float(2), 4, 3, 0], shape: [2, 2])]
        func value(_ normalizer: [Double]) throws -> Double {
            try Metric.meanRelativeError(labels: "y", predictions: "p", normalizer: normalizer).value([step])
        }
        #expect(try value([2]) == 7.0 / 8)
        #expect(try value([1, 4]) == 2.5 / 4)
        #expect(try value([0, 2]) == 3.0 / 4, "0 where the normalizer is 0")
    }

    @Test func cosines() throws {
        let step = [
            NDArray([Float(1), 2, 3, 1, 2, 5, 4, 0], shape: [4, 2]),
            NDArray([Float(1.5), 2, 2.5, 1.5, 2, 4, 3, 0.5], shape: [4, 2]),
        ]
        let metric = Metric.cosineSimilarity(labels: "y", predictions: "p", name: "cosine")
        #expect(try abs(metric.value([step]) - 0.98574918) < 1e-6)
    }
}
