import Formats
import OrderedCollections
import Testing

@Suite struct CurveReaderTests {
    private func faults(_ fields: JSON) -> [String] {
        var job = SmallJob.with("metrics", [["AUC": fields]])
        job.spec["loss"] = "mse"
        return job.withThreeLabels().faults
    }

    @Test(
        arguments: [
            (["num_thresholds": 1], "/metrics/0/AUC/num_thresholds: must be a whole number from 2 to 100000, not 1"),
            (
                ["curve": "ROCK"],
                "/metrics/0/AUC/curve: must be one of \"ROC\" or \"PR\", not \"ROCK\"; do you mean ROC?"
            ),
            (["thresholds": [2]], "/metrics/0/AUC/thresholds/0: must be a number from 0 to 1, not 2"),
            (["num_labels": 3], "/metrics/0/AUC/num_labels: has a meaning only with multi_label true"),
            (["label_weights": [1]], "/metrics/0/AUC/label_weights: has a meaning only with multi_label true"),
            (["multi_label": true, "num_labels": 2], "/metrics/0: AUC has num_labels 2, but the output has 3"),
            (
                ["multi_label": true, "label_weights": [1]],
                "/metrics/0: AUC has 1 label_weights, but the output has 3 labels"
            ),
        ] as [(JSON, String)])
    func isRefused(fields: JSON, words: String) {
        let faults = faults(fields)
        #expect(faults.count == 1 && words.hasPrefix(faults[0].prefix(60)), "\(faults)")
    }

    @Test func isTaken() {
        #expect(faults(["multi_label": true, "num_labels": 3, "label_weights": [1, 0, 2]]).isEmpty)
    }
}
