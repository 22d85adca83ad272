import Estimator
import Formats
import Graph
import Testing

@Suite struct MetricTests {
    private func tensor(_ array: NDArray) throws -> HostTensor {
        let dtype = try #require(DType(rawValue: array.type.rawValue))
        return HostTensor(name: "t", type: TensorType(dtype, Shape(array.shape)), bytes: array.bytes)
    }

    /// The metric's value after these steps of labels and predictions.
    private func value(_ metric: Metric, _ steps: [[NDArray]]) throws -> Double {
        var accumulator = metric.makeAccumulator()
        for step in steps { try accumulator.update(try step.map(tensor)) }
        return accumulator.value
    }

    @Test func sparseAccuracy() throws {
        let metric = Metric.sparseCategoricalAccuracy(labels: "y", scores: "p")
        #expect(metric.name == "accuracy" && metric.inputs == ["y", "p"])
        let first = [NDArray([UInt8(1), 0]), NDArray([Float(0), 2, 1, 3, 3, 1], shape: [2, 3])]
        // A tie goes to the first of the largest.
        #expect(try value(metric, [first]) == 1)
        let second = [NDArray([Int64(2)], shape: [1, 1]), NDArray([Float(0), 2, 1], shape: [1, 3])]
        #expect(try value(metric, [first, second]) == 2.0 / 3)
        #expect(try value(metric, []) == 0)
        let sequence = [NDArray([Int32(0), 1], shape: [1, 2]), NDArray([Float(5), 1, 5, 1], shape: [1, 2, 2])]
        #expect(try value(metric, [sequence]) == 0.5)
    }

    @Test func categoricalAccuracy() throws {
        let metric = Metric.categoricalAccuracy(labels: "y", scores: "p", name: "acc")
        let step = [
            NDArray([Float(0), 1, 1, 0], shape: [2, 2]), NDArray([Float(0.1), 0.9, 0.2, 0.8], shape: [2, 2]),
        ]
        #expect(try value(metric, [step]) == 0.5)
        #expect(metric.name == "acc" && metric.named("x").name == "x")
    }

    @Test func binaryAccuracy() throws {
        let step = [NDArray([Float(1), 0, 1, 0]), NDArray([Float(0.6), 0.5, 0.5, 0.7], shape: [4, 1])]
        #expect(try value(.binaryAccuracy(labels: "y", scores: "p"), [step]) == 0.5)
        #expect(try value(.binaryAccuracy(labels: "y", scores: "p", threshold: 0.4), [step]) == 0.5)
    }

    @Test func means() throws {
        #expect(try value(.mean("x"), [[NDArray([Float(1), 2])], [NDArray([Float(6)])]]) == 3)
        let steps = [
            [NDArray([Float(1), 2]), NDArray([Float(2), 4], shape: [2, 1])],
            [NDArray([Float(0)]), NDArray([Float(2)])],
        ]
        #expect(try value(.meanSquaredError(labels: "y", predictions: "p"), steps) == 3)
        #expect(try value(.meanAbsoluteError(labels: "y", predictions: "p"), steps) == 5.0 / 3)
        #expect(try value(.rootMeanSquaredError(labels: "y", predictions: "p"), steps) == 3.0.squareRoot())
    }

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
            #expect(throws: MetricError.self, "\(metric.name)") { try value(metric, [arrays]) }
        }
    }
}
