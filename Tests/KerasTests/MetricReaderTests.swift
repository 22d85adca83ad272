import Formats
import OrderedCollections
import Testing

@Suite struct MetricReaderTests {
    private func names(_ metrics: JSON) -> String? {
        SmallJob.with("metrics", metrics).effect?.split(separator: "\n").first { $0.hasPrefix("metrics ") }
            .map { String($0.dropFirst(8)) }
    }

    /// A metric by its name keeps the name, an object has its own or Keras' snake case.
    @Test func namesAreThoseOfKeras() {
        #expect(names(["acc"]) == "[\"acc\"]")
        #expect(
            names(["accuracy", ["SparseCategoricalAccuracy": [:]], ["SparseCategoricalAccuracy": ["name": "mine"]]])
                == "[\"accuracy\", \"sparse_categorical_accuracy\", \"mine\"]")
        #expect(names([]) == "[]")
        #expect(names(nil) == "[]")
    }

    static let wrong: [(JSON, [String])] = [
        ("accuracy", ["/metrics: must be a list, or an object by the names of the model's outputs, not \"accuracy\""]),
        (["output": ["accuracy"]], ["/metrics/output: is not a known field"]),
        (
            ["accuracy", "accuracy"],
            ["/metrics/1: \"accuracy\" is another metric's name, too; give one of them another name"]
        ),
        ([7], ["/metrics/0: must be a metric by name or as an object, not 7"]),
        (
            [["BinaryAccuracy": ["threshold": "x", "name": "b"]]],
            [
                "/metrics/0: BinaryAccuracy can't compare labels of shape [] with an output of [3]",
                "/metrics/0/BinaryAccuracy/threshold: must be a finite number, not \"x\"",
            ]
        ),
        (["mse"], ["/metrics/0: mse can't compare labels of shape [] with an output of [3]"]),
        (
            ["acc", ["MeanSquaredError": ["name": "loss"]]],
            [
                "/metrics/1: \"loss\" is reserved: every evaluation has it beside the metrics; give the metric another name",
                "/metrics/1: MeanSquaredError can't compare labels of shape [] with an output of [3]",
            ]
        ),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let faults = SmallJob.with("metrics", Self.wrong[index].0).faults
        #expect(faults.sorted() == Self.wrong[index].1.sorted())
    }

    /// The job with a loss over numbers, labels of a shape, and a model that makes rows of a shape.
    private func squares(_ metric: JSON, labels: JSON, output: JSON) -> SmallJob {
        var job = SmallJob.training([
            "synthetic": ["features": ["shape": output], "labels": ["shape": labels], "examples": 8]
        ])
        job.spec["model"] = [["Rescaling": ["scale": 2]]]
        job.spec["loss"] = "mse"
        job.spec["metrics"] = [metric]
        return job
    }

    /// Which shapes of one row's label a metric compares with which output; those that it can't are told before training
    /// begins, not by its evaluation.
    static let shapes: [(metric: JSON, labels: JSON, output: JSON, fits: Bool)] = [
        ("categorical_accuracy", [3], [3], true), ("categorical_accuracy", [3, 1], [3], false),
        ("categorical_accuracy", [3], [3, 1], false), ("categorical_accuracy", [], [], false),
        ("sparse_categorical_accuracy", [2], [2, 1], true), ("sparse_categorical_accuracy", [2], [2], false),
        ("sparse_categorical_accuracy", [], [], false), ("mae", [3, 1], [3], true), ("mae", [3], [3, 1], true),
        ("binary_accuracy", [], [1], true), ("binary_accuracy", [], [], true), ("accuracy", [3], [3], true),
        ("accuracy", [3, 1], [3], false), ("accuracy", [3], [3, 1], true), ("accuracy", [3, 1], [3, 1], true),
        ("acc", [1], [1], true), ("acc", [], [], true),
    ]

    @Test(arguments: shapes.indices) func shapesFitOrAreRefused(_ index: Int) {
        let row = Self.shapes[index]
        let faults = squares(row.metric, labels: row.labels, output: row.output).faults.filter {
            $0.hasPrefix("/metrics")
        }
        let name = row.metric.string ?? ""
        let fault = "/metrics/0: \(name) can't compare labels of shape \(list(row.labels)) with an output of "
        #expect(faults == (row.fits ? [] : [fault + list(row.output)]))
    }

    private func list(_ shape: JSON) -> String { "\((shape.array ?? []).compactMap(\.int))" }
}
