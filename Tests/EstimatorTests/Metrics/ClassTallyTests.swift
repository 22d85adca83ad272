import Estimator
import Formats
import Testing

@Suite struct ClassTallyTests {
    private static let classes = [NDArray([Int32(0), 1, 2, 2, 1, 0]), NDArray([Float(0), 2, 2, 1, 1, 3])]
    private static let hot = NDArray([Float(0), 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 0], shape: [4, 3])
    private static let scores = NDArray(
        [Float(0.2), 0.5, 0.3, 0.3, 0.6, 0.1, 0.1, 0.2, 0.7, 0.45, 0.45, 0.1], shape: [4, 3])

    private func overlap(
        classes: Int, counted: [Int]? = nil, ignored: Int? = nil, labels: ClassNames = .numbers,
        predictions: ClassNames = .numbers
    ) -> Metric {
        .intersectionOverUnion(
            labels: "y", predictions: "p", classes: classes, counted: counted, ignoredClass: ignored,
            labelNames: labels,
            predictionNames: predictions, name: "iou")
    }

    /// Keras' numbers. Class 3 is only predicted; with two classes it is none, as Keras 3 takes it.
    @Test func classNumbers() throws {
        let (step, two) = (Self.classes, [NDArray([Int32(0), 1, 2]), NDArray([Int32(0), 0, 5])])
        #expect(try abs(overlap(classes: 4).value([step]) - 0.2916667) < 1e-6)
        #expect(try abs(overlap(classes: 4, counted: [0, 2]).value([step]) - 0.4166667) < 1e-6)
        #expect(try abs(overlap(classes: 4, ignored: 2).value([step]) - 0.25) < 1e-6)
        #expect(try overlap(classes: 2).value([two]) == 0.25)
        #expect(try overlap(classes: 2).value([]) == 0)
    }

    /// Keras' numbers.
    @Test func vectors() throws {
        let largest = ClassNames.largest(axis: -1)
        let step = [Self.hot, Self.scores]
        let some = overlap(classes: 3, counted: [0, 1], labels: largest, predictions: largest)
        #expect(try abs(some.value([step]) - 0.1666667) < 1e-6)
        #expect(try abs(overlap(classes: 3, labels: largest, predictions: largest).value([step]) - 0.4444444) < 1e-6)
        let sparse = [NDArray([Int64(1), 0, 2, 1]), Self.scores]
        #expect(try abs(overlap(classes: 3, predictions: largest).value([sparse]) - 0.4444444) < 1e-6)
        #expect(try overlap(classes: 3, predictions: largest).leavingDevice(sparse).map(\.shape) == [[4], [4]])
    }

    /// Keras' numbers.
    @Test func thresholds() throws {
        let labels = NDArray([Float(0), 0, 1, 1, 1, 0, 1, 0])
        let scores = NDArray([Float(0.1), 0.4, 0.35, 0.8, 0.65, 0.65, 0.2, 0])
        let binary = overlap(classes: 2, predictions: .atLeast(0.4))
        #expect(try abs(binary.value([[labels, scores]]) - 1 / 3.0) < 1e-6)
        let ones = overlap(classes: 2, counted: [1], predictions: .atLeast(0.5))
        #expect(try abs(ones.value([[labels, scores]]) - 0.4) < 1e-6)
    }

    /// Keras' confusion matrix in weights: class 0 is hit by 2 of 2 + 3, class 1 by 5 of 5 + 3.
    @Test func weights() throws {
        let step = [NDArray([Int32(0), 1, 1, 2]), NDArray([Int32(0), 1, 0, 7]), NDArray([Float(2), 5, 3, 9])]
        let metric = overlap(classes: 2).weighted(by: "w")
        #expect(metric.inputs == ["y", "p", "w"])
        #expect(try metric.value([step]) == (2 / 5.0 + 5 / 8.0) / 2)
        let short = [NDArray([Int32(0), 1, 1]), NDArray([Int32(0), 1, 0]), NDArray([Float(2), 5])]
        #expect(throws: MetricError.self) { try metric.value([short]) }
    }

    @Test func perClass() throws {
        let metric = Metric.meanPerClassAccuracy(labels: "y", predictions: "p", classes: 4)
        #expect(try metric.value([Self.classes]) == (0.5 + 0.5 + 0.5 + 0) / 4)
        #expect(throws: MetricError.self) { try metric.value([[NDArray([Int32(1)]), NDArray([Int32(1), 0])]]) }
    }
}
