import Estimator
import Formats
import Testing

@Suite struct MeanTests {
    @Test func means() throws {
        #expect(try Metric.mean("x").value([[NDArray([Float(1), 2])], [NDArray([Float(6)])]]) == 3)
        let steps = [
            [NDArray([Float(1), 2]), NDArray([Float(2), 4], shape: [2, 1])],
            [NDArray([Float(0)]), NDArray([Float(2)])],
        ]
        #expect(try Metric.meanSquaredError(labels: "y", predictions: "p").value(steps) == 3)
        #expect(try Metric.meanAbsoluteError(labels: "y", predictions: "p").value(steps) == 5.0 / 3)
        #expect(try Metric.rootMeanSquaredError(labels: "y", predictions: "p").value(steps) == 3.0.squareRoot())
    }
}
