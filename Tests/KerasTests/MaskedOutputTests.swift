import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

/// Losses and metrics of outputs that carry a mask, with numbers from the definitions.
@Suite struct MaskedOutputTests {
    /// Two rows of two steps, the last step of each left out by a mask, through a kernel of 1 that learns nothing: errors are
    /// 1 and 2 where they count, 9 and 5 where not.
    private static func run(
        _ version: FunctionalModel.Version, loss: JSON = "mse", hasOperator: Bool = false
    ) throws -> SmallTraining {
        var model = FunctionalModel(version)
        model.input("x", [2, 1])
        model.layer("Masking", "masked", calls: [model.call("x")])
        model.layer("Dense", "d", ["units": 1], calls: [model.call("masked")])
        if hasOperator { model.sum("out", ["d", 0, 0], 0) }
        model.outputs = [[hasOperator ? "out" : "d", 0, 0]]
        return try SmallTraining(
            [
                "model": model.json, "loss": loss, "optimizer": ["SGD": ["learning_rate": 0]],
                "metrics": ["mae", ["RootMeanSquaredError": ["name": "rmse"]], ["AUC": ["name": "auc"]]],
            ],
            data: [
                "x": NDArray([Float(3), 0, 4, 0], shape: [2, 2, 1]),
                "y": NDArray([Float(2), 9, 6, -5], shape: [2, 2, 1]),
            ],
            variables: ["d/kernel": NDArray([Float(1)], shape: [1, 1]), "d/bias": NDArray([Float(0)])])
    }

    @Test(arguments: [FunctionalModel.Version.keras2, .keras3])
    func onlyStepsOfTheMaskCount(version: FunctionalModel.Version) throws {
        let masked = try Self.run(version)
        #expect(masked.loss == (1 + 4) / 2.0)
        #expect(masked.evaluation.rowMeanLoss == 2.5)
        #expect(masked.evaluation.metrics["mae"] == 1.5)
        // A sum is of what counts.
        let sum = try Self.run(version, loss: ["MeanSquaredError": ["reduction": "sum"]])
        #expect(sum.loss == 5)
    }

    /// Keras 2 hands the mask to every metric, Keras 3 to means of functions alone.
    @Test func metricsThatAreNoMeans() throws {
        let rmse = try [FunctionalModel.Version.keras2, .keras3].map { version in
            try #require(try Self.run(version).evaluation.metrics["rmse"])
        }
        #expect(abs(rmse[0] - 2.5.squareRoot()) < 1e-12)
        #expect(abs(rmse[1] - ((1 + 4 + 81 + 25) / 4.0).squareRoot()) < 1e-12)
    }

    /// Neither Keras hands a mask through an operator.
    @Test(arguments: [FunctionalModel.Version.keras2, .keras3])
    func operatorsEndMasks(version: FunctionalModel.Version) throws {
        #expect(try Self.run(version, hasOperator: true).loss == (1 + 4 + 81 + 25) / 4.0)
    }

    /// A mask that leaves out everything: a loss of 0.
    @Test func nothingCounts() throws {
        let made = try SmallTraining(
            [
                "model": [["Masking": ["input_shape": [2, 1]]], ["Dense": ["units": 1]]], "loss": "mse",
                "optimizer": "sgd", "metrics": ["mae"],
            ],
            data: ["x": NDArray([Float(0), 0], shape: [1, 2, 1]), "y": NDArray([Float(1), 2], shape: [1, 2, 1])],
            variables: ["dense/kernel": NDArray([Float(1)], shape: [1, 1]), "dense/bias": NDArray([Float(0)])])
        #expect(made.loss == 0)
        #expect(made.evaluation.metrics["mae"] == 0)
    }
}
