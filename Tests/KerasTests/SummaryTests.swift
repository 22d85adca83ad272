import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct SummaryTests {
    @Test func itIsATableOfTheLayers() throws {
        let job = SmallJob.with(
            "model",
            [
                ["Rescaling": ["scale": 1]], ["Dense": ["units": 1000, "name": "wide", "trainable": false]],
                ["Dense": ["units": 3, "use_bias": false]],
            ])
        #expect(
            try #require(job.definition).plan().summary.split(separator: "\n") == [
                "Model: sequential",
                "────────────────────────────────────────────────────────────────────",
                "Layer (type)           Output Shape  Variables               Param #",
                "────────────────────────────────────────────────────────────────────",
                "rescaling (Rescaling)  (None, 2)                                   0",
                "wide (Dense)           (None, 1000)  wide/kernel, wide/bias     3000",
                "dense (Dense)          (None, 3)     dense/kernel               3000",
                "────────────────────────────────────────────────────────────────────",
                "Total params: 6000", "Trainable params: 3000", "Non-trainable params: 3000",
            ])
    }

    /// A row that is a single number has the batch's axis alone.
    @Test func aNumberHasNoAxis() throws {
        var job = SmallJob.training(["synthetic": ["features": ["shape": []], "labels": ["shape": [1]], "examples": 8]])
        job.spec["loss"] = "mse"
        job.spec["metrics"] = nil
        job.spec["model"] = [["Rescaling": ["scale": 2]], ["Flatten": [:]], ["Dense": ["units": 1]]]
        let rows = try #require(job.definition, "\(job.faults)").plan().summary.split(separator: "\n")
        #expect(rows.count == 11)
        #expect(rows[4].hasPrefix("rescaling (Rescaling)  (None) "))
        #expect(rows[5].hasPrefix("flatten (Flatten)      (None, 1) "))
    }
}
