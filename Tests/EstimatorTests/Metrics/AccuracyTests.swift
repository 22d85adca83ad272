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
    }

    @Test func binaryAccuracy() throws {
        let step = [NDArray([Float(1), 0, 1, 0]), NDArray([Float(0.6), 0.5, 0.5, 0.7], shape: [4, 1])]
        #expect(try Metric.binaryAccuracy(labels: "y", scores: "p").value([step]) == 0.5)
        #expect(try Metric.binaryAccuracy(labels: "y", scores: "p", threshold: 0.4).value([step]) == 0.5)
    }
}
