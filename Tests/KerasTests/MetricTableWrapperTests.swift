import Formats
import OrderedCollections
import Testing

/// Means of functions that a metric's configuration names.
@Suite struct MetricTableWrapperTests {
    private static func wrapper(_ function: JSON, _ more: OrderedDictionary<String, JSON> = [:]) -> JSON {
        var config: OrderedDictionary<String, JSON> = ["name": "b", "dtype": "float32", "fn": function]
        config.merge(more) { $1 }
        return [
            "module": "keras.metrics", "class_name": "MeanMetricWrapper", "config": .object(config),
            "registered_name": nil,
        ]
    }

    private static func function(_ name: String) -> JSON {
        ["module": "builtins", "class_name": "function", "config": JSON(name), "registered_name": "function"]
    }

    /// Of all rows, and of rows with the weights 0, 1, ½ and 2: Keras 3.15.1 with JAX.
    @Test(
        arguments: [
            ("mean_squared_error", [:], 0.21875, 0.2544642984867096),
            (
                "binary_crossentropy", ["from_logits": true, "label_smoothing": 0.1], 0.6787729263305664,
                0.7773047685623169
            ),
            ("binary_accuracy", ["threshold": 0.6], 0.625, 0.5714285969734192),
            // The loss, whose sign is the other one than the metric's.
            ("cosine_similarity", [:], -0.6979484558105469, -0.39107680320739746),
            ("huber", ["delta": 0.3], 0.07906250655651093, 0.08678571879863739),
            ("categorical_accuracy", [:], 0.5, 0.2857142984867096),
            ("top_k_categorical_accuracy", ["k": 1], 0.5, 0.2857142984867096),
        ] as [(String, OrderedDictionary<String, JSON>, Double, Double)])
    func isKerasMean(name: String, arguments: OrderedDictionary<String, JSON>, all: Double, weighted: Double) throws {
        let metric = Self.wrapper(Self.function(name), arguments)
        let made = try MetricTableTests.evaluated(
            [metric], weighted: [metric], labels: MetricTableTests.labels, output: MetricTableTests.output,
            weights: [0, 1, 0.5, 2])
        #expect(Array(made.keys) == ["b", "weighted_b"])
        LayerTrial.expectNear(Array(made.values), [all, weighted])
    }

    /// Keras 2 takes the functions' names as they are, and the short form does.
    @Test func namesAlone() throws {
        let metrics: JSON = [Self.wrapper("mse"), ["MeanMetricWrapper": ["fn": "mean_absolute_error"]]]
        let made = try MetricTableTests.evaluated(
            metrics, labels: MetricTableTests.labels, output: MetricTableTests.output)
        #expect(Array(made.keys) == ["b", "mean_metric_wrapper"])
        LayerTrial.expectNear(Array(made.values), [0.21875, 0.375])
    }

    private func faults(_ metric: JSON) -> [String] {
        var job = SmallJob.with("metrics", [metric]).withThreeLabels()
        job.spec["loss"] = "mse"
        return job.faultsWithoutNames
    }

    @Test func othersAreRefused() {
        let place = "/metrics/0/MeanMetricWrapper"
        func faults(_ config: JSON) -> [String] { self.faults(["MeanMetricWrapper": config]) }
        #expect(faults(["fn": "mse"]) == [])
        #expect(faults([:]) == ["\(place)/fn: is required"])
        // Arguments of a function that is not known are not told as well.
        #expect(
            faults(["fn": "mean_squared_eror", "k": 1]) == [
                "\(place)/fn: \"mean_squared_eror\" is not a known function of labels and predictions; did you mean "
                    + "\"mean_squared_error\"?"
            ])
        #expect(faults(["fn": "mse", "k": 1]) == ["\(place)/k: is not a known field"])
        #expect(
            faults(["fn": "Precision"]).first?.hasPrefix(
                "\(place)/fn: \"Precision\" is not a known function of labels and predictions") == true)
        #expect(faults(["fn": "dices"]).first?.hasSuffix("\"dice\", which may be meant, is not supported yet") == true)
        #expect(
            faults(["fn": ["MeanSquaredError": [:]]]) == [
                "\(place)/fn: must be a function of Keras' by its name, not an object of the class MeanSquaredError: that has a "
                    + "metric of its own"
            ])
        #expect(
            faults(["fn": "sparse_categorical_accuracy"]) == [
                "/metrics/0: MeanMetricWrapper can't compare labels of shape [3] with an output of [3]"
            ])
    }
}
