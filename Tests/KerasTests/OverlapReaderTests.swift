import Formats
import OrderedCollections
import Testing

@Suite struct OverlapReaderTests {
    private func faults(_ metric: JSON, labels: JSON) -> [String] {
        var job = SmallJob.with("metrics", [metric])
        job.spec["loss"] = labels["shape"] == nil ? "sparse_categorical_crossentropy" : "mse"
        for section in ["train", "evaluate"] {
            job.spec[section]?["input"]?["source"]?["synthetic"]?["labels"] = labels
        }
        return job.faults
    }

    @Test(
        arguments: [
            (["MeanIoU": [:]], ["classes": 3], "/metrics/0/MeanIoU/num_classes: is required"),
            (
                ["IoU": ["num_classes": 3, "sparse_y_pred": false]], ["classes": 3],
                "/metrics/0/IoU/target_class_ids: is required"
            ),
            (
                ["IoU": ["num_classes": 3, "target_class_ids": [3], "sparse_y_pred": false]], ["classes": 3],
                "/metrics/0/IoU/target_class_ids/0: must be a whole number from 0 to 2, not 3"
            ),
            (
                ["MeanIoU": ["num_classes": 3]], ["classes": 3],
                "/metrics/0: MeanIoU can't compare labels of shape [] with an output of [3]"
            ),
            (
                ["OneHotMeanIoU": ["num_classes": 4]], ["shape": [3]],
                "/metrics/0: OneHotMeanIoU needs one-hot labels of 4 classes; a row's label has the shape [3]"
            ),
            (
                ["MeanIoU": ["num_classes": 4, "sparse_y_pred": false]], ["classes": 3],
                "/metrics/0: MeanIoU needs an output with 4 classes in its last axis, not one of [3]"
            ),
            (
                ["OneHotMeanIoU": ["num_classes": 3, "axis": 1]], ["shape": [3]],
                "/metrics/0/OneHotMeanIoU/axis: is not supported yet"
            ),
        ] as [(JSON, JSON, String)])
    func isRefused(metric: JSON, labels: JSON, words: String) {
        #expect(faults(metric, labels: labels).contains(words))
    }

    @Test func isTaken() {
        #expect(faults(["MeanIoU": ["num_classes": 3, "sparse_y_pred": false]], labels: ["classes": 3]).isEmpty)
        #expect(faults(["BinaryIoU": ["target_class_ids": [1]]], labels: ["shape": [3]]).isEmpty)
    }
}
