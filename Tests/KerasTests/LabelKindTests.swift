import Formats
import OrderedCollections
import Testing

/// Which labels go with an output, as metrics of each kind take them.
@Suite struct LabelKindTests {
    private func fits(_ metric: String, _ labels: JSON, units: Int) -> Bool {
        var job = SmallJob.with("metrics", [.string(metric)])
        job.spec["model"] = [["Dense": ["units": JSON(units), "input_shape": [2]]]]
        for section in ["train", "evaluate"] {
            job.spec[section]?["input"]?["source"]?["synthetic"]?["labels"] = labels
        }
        return !job.faults.contains { $0.hasPrefix("/metrics") }
    }

    @Test func classes() {
        #expect(fits("SparseCategoricalAccuracy", ["classes": 3], units: 3))
        #expect(fits("SparseCategoricalAccuracy", ["shape": [1], "dtype": "int64"], units: 3))
        #expect(!fits("SparseCategoricalAccuracy", ["shape": [3]], units: 3))
    }

    @Test func oneHot() {
        #expect(fits("CategoricalAccuracy", ["shape": [3]], units: 3))
        #expect(!fits("CategoricalAccuracy", ["shape": [3, 1]], units: 3))
        #expect(!fits("CategoricalAccuracy", ["classes": 3], units: 3))
    }

    @Test func numbers() {
        #expect(fits("mse", ["shape": [3]], units: 3))
        #expect(fits("mse", ["shape": [3, 1]], units: 3))
        #expect(fits("mse", ["shape": []], units: 1))
        #expect(!fits("mse", ["shape": [2]], units: 3))
    }
}
