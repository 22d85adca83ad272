import Estimator
import Formats
import Testing

@Suite struct MetricTests {
    /// Each metric, fed what it can't take.
    @Test func misfits() throws {
        let (three, two) = (NDArray([Float(1), 2, 3]), NDArray([Float(1), 2]))
        let table = NDArray([Float(1), 2, 3, 4], shape: [2, 2])
        let cases: [(Metric, [NDArray])] = [
            (.sparseCategoricalAccuracy(labels: "y", scores: "p"), [three, table]),
            (.sparseCategoricalAccuracy(labels: "y", scores: "p"), [two, two]),
            (.categoricalAccuracy(labels: "y", scores: "p"), [two, table]),
            (.binaryAccuracy(labels: "y", scores: "p"), [three, two]),
            (.meanSquaredError(labels: "y", predictions: "p"), [three, two]),
            (.meanAbsoluteError(labels: "y", predictions: "p"), [three, two]),
        ]
        for (metric, arrays) in cases {
            #expect(throws: (any Error).self, "\(metric.name)") { try metric.value([arrays]) }
        }
    }

    /// The names that every evaluation reports itself are not for metrics; another name leaves the rest as it is.
    @Test func names() throws {
        #expect(Metric.reservedNames == ["loss", "global_step"])
        let metric = Metric.mean("x").named("average")
        #expect(metric.name == "average" && metric.inputs == ["x"])
        #expect(try metric.value([[NDArray([Float(1), 3])]]) == 2)
    }

    /// Each evaluation has an accumulator of its own.
    @Test func accumulatorsShareNothing() throws {
        let metric = Metric.mean("x")
        #expect(try metric.value([[NDArray([Float(5)])]]) == 5)
        #expect(try metric.value([[NDArray([Float(1)])]]) == 1)
        #expect(metric.makeAccumulator().value == 0)
    }
}
