import Estimator
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

    // MARK: Numbers

    static let labels: [Float] = [1, 0, 0, 1, 1, 1, 0, 0]
    static let output: [Float] = [0.75, 0.25, 0.5, 1, 0.25, 0.5, 0, 0.75]

    /// What metrics make of rows of two numbers.
    static func evaluated(
        _ metrics: JSON = [], weighted: JSON = [], labels: [Float], output: [Float], weights: [Float] = [1, 1, 1, 1]
    ) throws -> OrderedDictionary<String, Double> {
        try SmallTraining(
            [
                "model": [["Dense": ["units": 2, "input_shape": [2]]]], "loss": "mse",
                "optimizer": ["SGD": ["learning_rate": 0]], "metrics": metrics, "weighted_metrics": weighted,
            ], source: ["features": "x", "labels": "y", "sample_weight": "w"],
            data: ["x": NDArray(output, shape: [4, 2]), "y": NDArray(labels, shape: [4, 2]), "w": NDArray(weights)],
            variables: [
                "dense/kernel": NDArray([Float(1), 0, 0, 1], shape: [2, 2]), "dense/bias": NDArray([Float(0), 0]),
            ]
        ).evaluation.metrics
    }

    /// A metric, with what Keras 3.15.1 (`MeanRelativeError`: TensorFlow 2.15.1) gives where every row has the weight 0, where nothing
    /// is there and nothing is found, and where everything is there and nothing is found.
    static let nothing: [(metric: JSON, values: [Double])] = [
        ("MeanSquaredError", [0, 0.0625, 0.5625]), ("RootMeanSquaredError", [0, 0.25, 0.75]),
        (["MeanRelativeError": ["normalizer": [1, 2]]], [0, 0.1875, 0.5625]),
        ("CosineSimilarity", [0, 0, 1]), ("BinaryAccuracy", [0, 1, 0]), ("CategoricalAccuracy", [0, 1, 1]),
        (["TopKCategoricalAccuracy": ["k": 1]], [0, 1, 1]), ("Accuracy", [0, 0, 0]),
        ("BinaryCrossentropy", [0, 0.28768208622932434, 1.3862943649291992]), ("Hinge", [0, 1.25, 0.75]),
        ("KLDivergence", [0, -2.9463601549650775e-06, 2.7725887298583984]), ("ConcordanceCorrelation", [0, 0, 0]),
        ("PearsonCorrelation", [0, .nan, .nan]), (["MeanMetricWrapper": ["fn": "mse"]], [0, 0.0625, 0.5625]),
        ("Precision", [0, 0, 0]), ("Recall", [0, 0, 0]), ("TruePositives", [0, 0, 0]), ("TrueNegatives", [0, 8, 0]),
        ("AUC", [0, 0, 0]), (["AUC": ["curve": "PR", "name": "pr"]], [0, 0, 1]),
        (["AUC": ["multi_label": true, "name": "labels"]], [0, 0, 0]),
        (["SensitivityAtSpecificity": ["specificity": 0.5]], [0, 0, 0]),
        (["SpecificityAtSensitivity": ["sensitivity": 0.5]], [0, 0, 0]),
        (["PrecisionAtRecall": ["recall": 0.5]], [0, 0, 1]), (["RecallAtPrecision": ["precision": 0.5]], [0, 0, 1]),
        (["F1Score": ["average": "micro", "name": "micro"]], [0, 0, 1]),
        (["F1Score": ["average": "macro", "name": "macro"]], [0, 0, 1]),
        (["F1Score": ["average": "weighted", "name": "by_labels"]], [0, 0, 1]), ("R2Score", [.nan, 0, 0]),
        (["R2Score": ["class_aggregation": "variance_weighted_average", "name": "r2"]], [.nan, .nan, .nan]),
        (["OneHotIoU": ["num_classes": 2, "target_class_ids": [0, 1]]], [0, 1, 1]),
        (["OneHotMeanIoU": ["num_classes": 2]], [0, 1, 1]),
    ]

    /// A mean of nothing is 0, as Keras divides, and NaN where Keras' own is.
    @Test(arguments: 0..<3) func whatIsOfNothing(place: Int) throws {
        let metrics = JSON.array(Self.nothing.map(\.metric))
        let few = [Float](repeating: 0.25, count: 8)
        let made =
            switch place {
            case 0:
                try Self.evaluated(
                    weighted: metrics, labels: Self.labels, output: Self.output, weights: [0, 0, 0, 0])
            case 1: try Self.evaluated(metrics, labels: [Float](repeating: 0, count: 8), output: few)
            default: try Self.evaluated(metrics, labels: [Float](repeating: 1, count: 8), output: few)
            }
        #expect(made.count == Self.nothing.count)
        for ((name, value), row) in zip(made, Self.nothing) {
            let expected = row.values[place]
            #expect(
                abs(value - expected) <= 1e-6 * max(1, abs(expected)) || value.isNaN && expected.isNaN,
                "\(name) of \(place): \(value), Keras has \(expected)")
        }
    }

    /// Keras itself can't call these with labels and predictions.
    @Test func thoseOfNumbersAreRefused() {
        for name in ["Mean", "Sum", "MeanTensor"] {
            for metric in [JSON(name), .object([name: [:]])] {
                let all = faults(metric)
                #expect(all.count == 1 && all[0].contains("metric \(name) can't be used: it takes numbers"), "\(all)")
            }
        }
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
