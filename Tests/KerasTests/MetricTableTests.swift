import Formats
import OrderedCollections
import Testing

@Suite struct MetricTableTests {
    /// The faults of a metric over an output of three numbers, with labels of both kinds tried.
    private func faults(_ metric: JSON, labels: JSON? = nil) -> [String] {
        let all = (labels.map { [$0] } ?? [["shape": [3]], ["classes": 3]]).map { labels in
            var job = SmallJob.with("metrics", [metric])
            job.spec["loss"] = labels["shape"] == nil ? "sparse_categorical_crossentropy" : "mse"
            for section in ["train", "evaluate"] {
                job.spec[section]?["input"]?["source"]?["synthetic"]?["labels"] = labels
            }
            return job.faults.filter { $0.hasPrefix("/metrics") }
        }
        return all.first { $0.isEmpty } ?? all[0]
    }

    /// Every metric of Keras' with the fields that its own serialization has.
    @Test(
        arguments: [
            "accuracy", "acc", "crossentropy", "ce", "mse", "MSE", "mae", "MAE", "mape", "MAPE", "msle", "MSLE", "bce",
            "BCE",
            "kld", "KLD", "cosine_similarity", "hinge", "squared_hinge", "categorical_hinge", "log_cosh", "logcosh",
            "poisson",
            "kl_divergence", "kullback_leibler_divergence", "Accuracy", "root_mean_squared_error", "auc", "precision",
            "recall", "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy", "binary_crossentropy",
            "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_focal_crossentropy", "huber",
            ["LogCoshError": [:]], ["KLDivergence": [:]], ["Poisson": [:]], ["Hinge": [:]],
            ["MeanRelativeError": ["normalizer": [1, 2, 3]]], ["CosineSimilarity": ["axis": -1]],
            ["BinaryCrossentropy": ["from_logits": true, "label_smoothing": 0.1]],
            ["CategoricalCrossentropy": ["from_logits": true, "label_smoothing": 0, "axis": -1]],
            ["SparseCategoricalCrossentropy": ["from_logits": true, "ignore_class": 7, "axis": -1]],
            ["BinaryAccuracy": ["threshold": 0]], ["TopKCategoricalAccuracy": ["k": 2]],
            ["SparseTopKCategoricalAccuracy": ["k": 2, "from_sorted_ids": false]],
            ["Precision": ["thresholds": [0.4], "top_k": 2, "class_id": 1]],
            ["Recall": ["thresholds": nil, "top_k": nil, "class_id": nil]], ["TruePositives": ["thresholds": 0.3]],
            ["FalsePositives": [:]], ["TrueNegatives": [:]], ["FalseNegatives": [:]],
            [
                "AUC": [
                    "num_thresholds": 50, "curve": "PR", "summation_method": "minoring", "multi_label": true,
                    "num_labels": 3,
                    "label_weights": [1, 2, 3], "from_logits": true, "dtype": "float32",
                ]
            ],
            ["AUC": ["thresholds": [0.5, 0.25]]],
            ["SensitivityAtSpecificity": ["specificity": 0.5, "num_thresholds": 10]],
            ["SpecificityAtSensitivity": ["sensitivity": 0.5, "class_id": 2]], ["PrecisionAtRecall": ["recall": 1]],
            ["RecallAtPrecision": ["precision": 0]],
            ["MeanIoU": ["num_classes": 3, "sparse_y_pred": false, "axis": -1, "dtype": "int32", "ignore_class": nil]],
            ["IoU": ["num_classes": 3, "target_class_ids": [0, 2], "sparse_y_true": false, "sparse_y_pred": false]],
            ["OneHotIoU": ["num_classes": 3, "target_class_ids": [1]]], ["OneHotMeanIoU": ["num_classes": 3]],
            ["BinaryIoU": ["target_class_ids": [0, 1], "threshold": 0.3]], ["F1Score": ["average": "macro"]],
            ["FBetaScore": ["average": "weighted", "beta": 2, "threshold": 0.5]],
            ["PearsonCorrelation": ["axis": -1]], ["ConcordanceCorrelation": [:]], "pearson_correlation",
            ["R2Score": ["class_aggregation": "variance_weighted_average", "num_regressors": 1]],
        ] as [JSON])
    func isTaken(metric: JSON) { #expect(faults(metric).isEmpty) }

    @Test(
        arguments: [
            (["SparseTopKCategoricalAccuracy": ["k": 0]], "/k: must be a whole number from 1 to 2147483647, not 0"),
            (["MeanRelativeError": [:]], "/normalizer: is required"),
            (
                ["PearsonCorrelation": ["axis": 0]],
                "/axis: must not be 0, the batch's axis: give an axis of a row, or -1 for the last"
            ),
            (
                ["MeanRelativeError": ["normalizer": [1, 2]]],
                "/metrics/0: MeanRelativeError has 2 numbers in normalizer, but the output's last axis has 3"
            ),
            (
                ["CosineSimilarity": ["axis": 4]],
                "/metrics/0: CosineSimilarity is to be taken along axis 4, but a batch of rows of shape [3] has 2 axes"
            ),
            (
                ["F1Score": [:]],
                "/metrics/0: F1Score has no average, which would give 3 numbers; a metric is one: take \"micro\", "
                    + "\"macro\" or \"weighted\""
            ),
            (
                ["F1Score": ["average": "all"]],
                "/average: must be one of \"micro\", \"macro\" or \"weighted\", not \"all\""
            ),
            (
                ["R2Score": ["class_aggregation": nil]],
                "/metrics/0: R2Score has no class_aggregation, which would give 3 numbers; a metric is one: take "
                    + "\"uniform_average\" or \"variance_weighted_average\""
            ),
            (["PrecisionAtRecall": [:]], "/recall: is required"),
            (
                ["Precision": ["dtype": "float16"]],
                "/dtype: float16 is not supported yet; this version computes in float32"
            ),
        ] as [(JSON, String)])
    func isRefused(metric: JSON, words: String) {
        let all = [["shape": [3]], ["classes": 3]].map { faults(metric, labels: $0) }
        #expect(all.contains { $0.count == 1 && $0[0].hasSuffix(words) }, "\(all)")
    }

    /// Labels of the wrong kind are told by the metric's name.
    @Test func labels() {
        for metric in ["CategoricalAccuracy", "mse", "AUC", "F1Score", "TopKCategoricalAccuracy"] {
            #expect(
                faults(.string(metric), labels: ["classes": 3]) == [
                    "/metrics/0: \(metric) can't compare labels of shape [] with an output of [3]"
                ])
        }
        for metric in ["SparseCategoricalAccuracy", "sparse_categorical_crossentropy"] {
            #expect(faults(.string(metric), labels: ["shape": [3]]).count == 1)
        }
    }
}
