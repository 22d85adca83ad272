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
}
