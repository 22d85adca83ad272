import Estimator
import Formats
import Testing

@Suite struct PositionSumsTests {
    private let labels = NDArray([Int32(0), 1, 2, 2], shape: [2, 2])
    private let scores = NDArray([Float(1), 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1], shape: [2, 2, 3])

    /// Two numbers a row leave the device, however large the output is.
    @Test func oneRowIsTwoNumbers() throws {
        let metric = Metric.sparseCategoricalAccuracy(labels: "y", scores: "p")
        let leaving = try metric.leavingDevice([labels, scores])
        #expect(leaving.map(\.shape) == [[2, 2]])
        #expect(leaving[0].doubles == [2, 2, 1, 2], "two hits of two positions, then one")
        #expect(try metric.value([[labels, scores]]) == 0.75)
    }

    /// Masked positions are none, weights weigh, and a mean of losses is over positions.
    @Test func masksAndWeights() throws {
        let metric = Metric.mean(
            of: {
                Losses.sparseCategoricalCrossentropy(labels: $0, predictions: $1, fromLogits: true, ignoredClass: 2)
            },
            labels: "y", predictions: "p", weights: "w", name: "loss")
        #expect(metric.inputs == ["y", "p", "w"])
        let one = try metric.value([[labels, scores, NDArray([Float(1), 1])]])
        #expect(abs(one - 0.5514447) < 1e-6, "two positions: both right")
        #expect(try metric.leavingDevice([labels, scores, NDArray([Float(3), 1])])[0].doubles[1] == 6)
        #expect(try metric.value([[labels, scores, NDArray([Float(0), 1])]]) == 0)
    }

    /// A metric that is weighted afterwards is the same as one made with weights; its device takes one tensor more.
    @Test func weightedAfterwards() throws {
        let weights = NDArray([Float(3), 1, 0, 2], shape: [2, 2])
        let metric = Metric.sparseCategoricalAccuracy(labels: "y", scores: "p").weighted(by: "w")
        #expect(metric.inputs == ["y", "p", "w"] && metric.name == "accuracy")
        // The only miss weighs 0.
        #expect(try metric.value([[labels, scores, weights]]) == 1)
        let made = Metric.sparseCategoricalAccuracy(labels: "y", scores: "p", weights: "w")
        #expect(try made.value([[labels, scores, weights]]) == 1)
    }

    /// Columns that are not those of the first step are told.
    @Test func misfit() throws {
        var accumulator = Metric.mean("x").makeAccumulator()
        let table = try Metric.mean("x").leavingDevice([NDArray([Float(1), 2])])
        try accumulator.update(table)
        #expect(accumulator.value == 1.5)
        #expect(throws: MetricError.self) { try accumulator.update([]) }
        let other = HostTensor(name: "t", type: .init(.float32, [1, 1]), bytes: [0, 0, 0, 0])
        #expect(throws: MetricError.self) { try accumulator.update([other]) }
    }
}
