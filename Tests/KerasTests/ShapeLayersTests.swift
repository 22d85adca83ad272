import Formats
import OrderedCollections
import Testing

@Suite struct ShapeLayersTests {
    /// Rows keep their number, and a row's numbers their order.
    @Test func flattenMakesOneAxis() throws {
        let numbers = (0..<12).map { Float($0) }
        for shape in [[2, 2, 3], [2, 6], [12], [1, 3, 2, 2]] {
            let made = try SmallModel([["Flatten": [:]]], rows: NDArray(numbers, shape: shape))
            #expect(made.shape == [shape[0], 12 / shape[0]])
            #expect(made.output == numbers.map { Double($0) })
        }
    }

    @Test func anActivationIsALayer() throws {
        let rows = NDArray([-1, 2, 0, 0] as [Float], shape: [2, 2])
        #expect(try SmallModel([["Activation": ["activation": "relu"]]], rows: rows).output == [0, 2, 0, 0])
        let probabilities = try SmallModel([["Activation": ["activation": "softmax"]]], rows: rows).output
        #expect(abs(probabilities[0] + probabilities[1] - 1) < 1e-6 && probabilities[0] < probabilities[1])
        #expect(probabilities[2...] == [0.5, 0.5])
        let numbers = NDArray([-1, 2] as [Float])
        #expect(try SmallModel([["Activation": ["activation": "relu"]]], rows: numbers).output == [0, 2])
    }

    static let wrong: [(layer: JSON, fault: String)] = [
        (
            ["Flatten": ["data_format": "channels_first"]],
            "Flatten/data_format: \"channels_first\" is not supported: data is channels_last; make the model with "
                + "data_format=\"channels_last\", and give rows whose last axis is the channels"
        ),
        (["Flatten": ["data_format": 7]], "Flatten/data_format: must be a string, not 7"),
        (["Activation": [:]], "Activation/activation: is required"),
        (["Activation": ["activation": nil]], "Activation/activation: is required"),
        (
            ["Activation": ["activation": 7]],
            "Activation/activation: must be an activation by name or as an object, not 7"
        ),
        (["Activation": ["activation": "relu", "zigzag": 1]], "Activation/zigzag: is not a known field"),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        let job = SmallJob.with("model", [row.layer, ["Dense": ["units": 3]]])
        #expect(job.faults == ["/model/0/\(row.fault)"])
    }

    @Test func whatChangesNothingIsTaken() {
        let job = SmallJob.with(
            "model",
            [
                ["Flatten": ["data_format": "channels_last", "trainable": false]],
                ["Activation": ["activation": "linear", "trainable": true]], ["Dense": ["units": 3]],
            ])
        #expect(job.faults == [])
    }

    /// A softmax is over an axis, which a single number has not.
    @Test func softmaxNeedsAnAxis() {
        for name in ["softmax", "log_softmax", "relu"] {
            var job = SmallJob.training([
                "synthetic": ["features": ["shape": []], "labels": ["shape": []], "examples": 8]
            ])
            job.spec["model"] = [["Activation": ["activation": JSON(name)]]]
            let fault = "/model/0: \(name) needs rows of at least one axis"
            #expect(job.faults.contains(fault) == (name != "relu"))
        }
    }
}
