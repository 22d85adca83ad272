import Estimator
import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct ClassWeightsTests {
    /// Three rows of the classes 0, 2, 1 through a kernel that learns nothing: losses are 1, 4 and 9 by the class.
    private func run(_ weights: JSON?, labels: NDArray, loss: JSON = "mse", width: Int = 1) throws -> SmallTraining {
        try SmallTraining(
            [
                "model": [
                    ["Dense": ["units": JSON(width), "input_shape": [1]]], ["Activation": ["activation": "linear"]],
                ],
                "loss": loss, "optimizer": ["SGD": ["learning_rate": 0]], "metrics": width == 1 ? ["mae"] : [],
            ], train: weights.map { ["class_weight": $0] } ?? [:],
            data: ["x": NDArray([Float(1), 0, 4], shape: [3, 1]), "y": labels],
            variables: [
                "dense/kernel": NDArray([Float](repeating: 1, count: width), shape: [1, width]),
                "dense/bias": NDArray([Float](repeating: 0, count: width)),
            ])
    }

    /// Errors of 1, 2 and 3, whose squares count by the class, through the number of rows; the evaluation's don't.
    @Test func rowsCountByTheirClass() throws {
        let plain = try run(nil, labels: NDArray([Float(0), 2, 1]))
        #expect(abs(plain.loss - (1 + 4 + 9) / 3.0) < 1e-6)
        let weights: JSON = ["0": 2, "1": 0.5]
        for (labels, error) in [
            (NDArray([Float(0), 2, 1]), 1), (NDArray([Float(0), 2, 1], shape: [3, 1]), 1),
            (NDArray([Float(0.4), 2, 1]), 0.36),
        ] as [(NDArray, Double)] {
            let made = try run(weights, labels: labels)
            // Class 2 has no weight: 1.
            #expect(abs(made.loss - (2 * error + 4 + 0.5 * 9) / 3) < 1e-6)
            #expect(abs(made.evaluation.rowMeanLoss - (error + 4 + 9) / 3) < 1e-6)
        }
        #expect(try run(["0": 0, "2": 0], labels: NDArray([Float(0), 2, 1])).loss == 3)
        // A number that is not that of a class counts 1.
        let strange = try run(["0": 3], labels: NDArray([Float(-1), 7, 4]))
        #expect(abs(strange.loss - (4 + 49 + 0) / 3.0) < 1e-5)
    }

    /// Class numbers and vectors of classes weigh the same; crossentropies of equal logits are all log 3.
    @Test func vectorsAreOfTheirLargest() throws {
        let hot = NDArray([Float(1), 0, 0, 0, 0, 1, 0, 1, 0], shape: [3, 3])
        for (labels, loss) in [
            (hot, "CategoricalCrossentropy"), (NDArray([Int64(0), 2, 1]), "SparseCategoricalCrossentropy"),
        ] {
            let loss: JSON = [loss: ["from_logits": true]]
            let made = try run(["0": 2, "1": 4, "2": 6], labels: labels, loss: loss, width: 3)
            #expect(abs(made.loss - 4 * 1.0986122887) < 1e-6)
            let one = try run(["1": 4], labels: labels, loss: loss, width: 3)
            #expect(abs(one.loss - 2 * 1.0986122887) < 1e-6)
        }
    }

    /// The faults of the weights of an output with three classes.
    private func faults(_ weights: JSON, model: JSON? = nil) -> [String] {
        var job = SmallJob()
        job.spec["train"]?["class_weight"] = weights
        if let model { job.spec["model"] = model }
        return job.faults
    }

    @Test func othersAreRefused() {
        #expect(faults(["0": 1, "2": 0]) == [])
        #expect(faults([:]) == [])
        #expect(
            faults(["3": 1]) == ["/train/class_weight: has a weight for class 3, but the output has the classes 0 to 2"]
        )
        #expect(faults(["a": 1]) == ["/train/class_weight/a: \"a\" is not a class number: expected 0 to 999999"])
        for name in ["-1", "01", "1.0", "1000000", ""] { #expect(faults([name: 1]).count == 1, "\(name)") }
        #expect(faults(["0": -1]) == ["/train/class_weight/0: must be a number of at least 0, not -1"])
        #expect(faults(["0": "1"]).count == 1)
        #expect(faults([1, 2]).count == 1)
        var two = FunctionalModel(.keras3)
        two.input("x", [2])
        for name in ["a", "b"] { two.layer("Dense", name, ["units": 3], calls: [two.call("x")]) }
        two.outputs = [["a", 0, 0], ["b", 0, 0]]
        #expect(
            faults(["0": 1], model: two.json).contains(
                "/train/class_weight: is possible only for a model of one output, but the model has 2: a, b"))
    }
}
