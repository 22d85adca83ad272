import Formats
import OrderedCollections
import Testing

@Suite struct DecisionReaderTests {
    private func faults(_ metric: JSON) -> [String] {
        var job = SmallJob.with("metrics", [metric])
        job.spec["loss"] = "mse"
        return job.withThreeLabels().faults
    }

    @Test(
        arguments: [
            (
                ["Precision": ["thresholds": [0.25, 0.5]]],
                "/metrics/0/Precision/thresholds: must be one number, not 2: a metric is "
                    + "one number; give a metric for each threshold, each with a name of its own"
            ),
            (["Recall": ["thresholds": 1.5]], "/metrics/0/Recall/thresholds: must be a number from 0 to 1, not 1.5"),
            (["Precision": ["top_k": 4]], "/metrics/0: Precision has top_k 4, but the output has 3 classes"),
            (["Recall": ["class_id": 3]], "/metrics/0: Recall has class_id 3, but the output has the classes 0 to 2"),
            (["TruePositives": ["top_k": 1]], "/metrics/0/TruePositives/top_k: is not a known field"),
        ] as [(JSON, String)])
    func isRefused(metric: JSON, words: String) { #expect(faults(metric) == [words]) }

    @Test func isTaken() {
        #expect(faults(["Precision": ["thresholds": [0.25], "top_k": 3, "class_id": 2]]).isEmpty)
    }
}
