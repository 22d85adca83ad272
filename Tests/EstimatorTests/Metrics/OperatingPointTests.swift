import Estimator
import Formats
import Testing

@Suite struct OperatingPointTests {
    private static let labels: [Float] = [0, 0, 1, 1, 1, 0, 1, 0]
    private static let scores: [Float] = [0.1, 0.4, 0.35, 0.8, 0.65, 0.65, 0.2, 0]

    /// Keras' numbers.
    @Test(
        arguments: [
            (OperatingPoint(.sensitivityAtSpecificity, atLeast: 0.5), 11, 1),
            (OperatingPoint(.specificityAtSensitivity, atLeast: 0.5), 11, 0.75),
            (OperatingPoint(.precisionAtRecall, atLeast: 0.7), 11, 2 / 3.0),
            (OperatingPoint(.recallAtPrecision, atLeast: 0.6), 11, 1),
            (OperatingPoint(.recallAtPrecision, atLeast: 0.99), 11, 0.25),
            (OperatingPoint(.sensitivityAtSpecificity, atLeast: 0.5), 1, 0.5),
            (OperatingPoint(.sensitivityAtSpecificity, atLeast: 1), 2, 0),
        ] as [(OperatingPoint, Int, Double)])
    func kerasNumbers(point: OperatingPoint, thresholds: Int, expected: Double) throws {
        let metric = Metric.operatingPoint(point, labels: "y", predictions: "p", thresholds: thresholds, name: "m")
        #expect(try abs(metric.value([[NDArray(Self.labels), NDArray(Self.scores)]]) - expected) < 1e-6)
    }

    /// The two that are not there weigh 1 and 3, and the threshold leaves out the light one alone.
    @Test(arguments: [nil, 0]) func weights(classNumber: Int?) throws {
        let metric = Metric.operatingPoint(
            OperatingPoint(.specificityAtSensitivity, atLeast: 0.5), labels: "y", predictions: "p", thresholds: 1,
            classNumber: classNumber, name: "m"
        ).weighted(by: "w")
        let step = [[Float(1), 0, 0], [0.9, 0.1, 0.9]].map { NDArray($0, shape: [3, 1]) }
        #expect(try metric.value([step + [NDArray([Float(1), 1, 3])]]) == 0.25)
    }

    /// Of a class, its numbers alone.
    @Test func ofAClass() throws {
        let point = OperatingPoint(.sensitivityAtSpecificity, atLeast: 0.5)
        let metric = Metric.operatingPoint(
            point, labels: "y", predictions: "p", thresholds: 11, classNumber: 1, name: "m")
        let step = [NDArray(Self.labels, shape: [4, 2]), NDArray(Self.scores, shape: [4, 2])]
        #expect(try metric.value([step]) == 1)
        #expect(try metric.leavingDevice(step).map(\.shape) == [[4, 1], [4, 1]])
    }
}
