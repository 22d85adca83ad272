import Datasets
import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

/// Losses of rows that have weights of their own, with numbers from the definition.
@Suite struct SampleWeightsTests {
    /// Rows with errors of 1, 2 and 3 through a kernel that learns nothing.
    private static let rows: OrderedDictionary<String, NDArray> = [
        "x": NDArray([Float(1), 0, 4], shape: [3, 1]), "y": NDArray([Float(0), 2, 1], shape: [3, 1]),
        "w": NDArray([Float(2), 0, 0.5]), "one": NDArray([Int32(2), 0, 1], shape: [3, 1]),
    ]

    private func run(_ weights: JSON, loss: JSON = "mse", train: JSON = [:]) throws -> SmallTraining {
        try SmallTraining(
            [
                "model": [["Dense": ["units": 1, "input_shape": [1]]]], "loss": loss,
                "optimizer": ["SGD": ["learning_rate": 0]], "metrics": ["mae"],
                "weighted_metrics": ["mae", "mse", "r2_score"],
            ], train: train, source: ["features": "x", "labels": "y", "sample_weight": weights], data: Self.rows,
            variables: ["dense/kernel": NDArray([Float(1)], shape: [1, 1]), "dense/bias": NDArray([Float(0)])])
    }

    /// The sum of weighted losses through the number of rows, in training and evaluation; metrics count all rows.
    @Test func rowsCountByTheirWeights() throws {
        let made = try run("w")
        #expect(abs(made.loss - (2 * 1 + 0 + 0.5 * 9) / 3) < 1e-6)
        #expect(abs(made.evaluation.rowMeanLoss - (2 * 1 + 0 + 0.5 * 9) / 3) < 1e-6)
        #expect(made.evaluation.metrics["mae"] == 2)
        let mean = try run("w", loss: ["MeanSquaredError": ["reduction": "mean_with_sample_weight"]])
        #expect(abs(mean.loss - (2 * 1 + 0.5 * 9) / 2.5) < 1e-6)
        // Whole numbers and an axis of one number are weights, too.
        #expect(try abs(run("one").loss - (2 * 1 + 9) / 3.0) < 1e-6)
    }

    /// Through the sum of the weights; a weighted metric that has the name of another is told apart, as in Keras.
    @Test(arguments: ["w", nil] as [JSON]) func weightedMetricsCountRowsByTheirWeights(weights: JSON) throws {
        let metrics = try run(weights).evaluation.metrics
        #expect(Array(metrics.keys) == ["mae", "weighted_mae", "mse", "r2_score"])
        // Absolute errors of 1, 2 and 3; their weights are 2, 0 and ½.
        let (absolute, squared): (Double, Double) = weights.isNull ? (2, 14.0 / 3) : (3.5 / 2.5, 6.5 / 2.5)
        #expect(metrics["mae"] == 2)
        #expect(metrics["weighted_mae"] == absolute)
        #expect(metrics["mse"] == squared)
    }

    /// Weights of rows and of classes are multiplied.
    @Test func besideClassWeights() throws {
        let made = try run("w", train: ["class_weight": ["0": 3, "1": 4]])
        #expect(abs(made.loss - (3 * 2 * 1 + 0 + 4 * 0.5 * 9) / 3) < 1e-5)
        #expect(abs(made.evaluation.rowMeanLoss - (2 * 1 + 0 + 0.5 * 9) / 3) < 1e-6)
    }

    /// Two outputs of the same input, of two steps each, with errors 1 and 2 for both rows.
    private func two(_ weights: JSON) throws -> SmallTraining {
        var model = FunctionalModel(.keras3)
        model.input("x", [2, 1])
        for name in ["a", "b"] { model.layer("Dense", name, ["units": 1], calls: [model.call("x")]) }
        model.outputs = [["a", 0, 0], ["b", 0, 0]]
        return try SmallTraining(
            ["model": model.json, "loss": "mse", "optimizer": ["SGD": ["learning_rate": 0]]],
            source: ["features": "x", "labels": ["y", "y"], "sample_weight": weights],
            data: [
                "x": NDArray([Float(1), 2, 1, 2], shape: [2, 2, 1]),
                "y": NDArray([Float](repeating: 0, count: 4), shape: [2, 2, 1]),
                "rows": NDArray([Float(1), 3]), "steps": NDArray([Float(1), 0, 0, 2], shape: [2, 2]),
            ],
            variables: [
                "a/kernel": NDArray([Float(1)], shape: [1, 1]), "a/bias": NDArray([Float(0)]),
                "b/kernel": NDArray([Float(2)], shape: [1, 1]), "b/bias": NDArray([Float(0)]),
            ])
    }

    /// One tensor weighs all outputs, several each its own; weights of two axes are of steps.
    @Test func outputs() throws {
        let (row, steps) = (1.0 + 4, (1.0 * 1 + 2 * 4) / 4)
        #expect(try two("rows").loss == (1 + 3) * row / 4 * (1 + 4))
        #expect(try two("steps").loss == steps * (1 + 4))
        #expect(try two(["rows", "steps"]).loss == (1 + 3) * row / 4 + 4 * steps)
        #expect(try two(["steps", "rows"]).loss == steps + 4 * (1 + 3) * row / 4)
    }

    /// What is wrong with weights that a source names.
    private func faults(_ weights: JSON) throws -> [String] {
        let folder = try TemporaryDirectory()
        let half = try NDArray(type: .float16, shape: [4], bytes: [UInt8](repeating: 0, count: 8))
        let tensors: OrderedDictionary<String, NDArray> = [
            "x": NDArray([Float](repeating: 0, count: 8), shape: [4, 2]), "y": NDArray([Int64(0), 1, 2, 0]),
            "w": NDArray([Float(1), 1, 1, 1]), "wide": NDArray([Float](repeating: 1, count: 12), shape: [4, 3]),
            "half": half, "short": NDArray([Float(1)]),
        ]
        try folder.write("d.safetensors", Safetensors(tensors: tensors).serialized())
        let source: JSON = [
            "safetensors": ["path": "d.safetensors", "features": "x", "labels": "y", "sample_weight": weights]
        ]
        return SmallJob.training(source, roots: DataRoots([folder.path])).faults
    }

    @Test func othersAreRefused() throws {
        #expect(try faults("w") == [] && faults(["w"]) == [] && faults([]) == [])
        #expect(
            try faults("wide") == [
                "/train/input/source: has sample weights wide of shape [3] a row, but the output dense has the shape [3]: "
                    + "expected one number a row, or one for each of its first axes"
            ])
        #expect(
            try faults(["w", "w"]) == [
                "/train/input/source: has 2 sample weights: expected one for all outputs, or one for each of dense"
            ])
        #expect(try faults("v").first?.contains("has no tensor \"v\"") == true)
        #expect(try faults("half").first?.contains("has weights half of type float16") == true)
        #expect(try faults("short").first?.contains("short has 1 records, but x has 4") == true)
        #expect(try faults(["a": "w"]).count == 1)
    }
}
