import Formats
import OrderedCollections
import Testing

@Suite struct DenseLayerTests {
    private static let kernel = NDArray([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    private static let bias = NDArray([10, 20, 30] as [Float])

    private static func dense(_ more: JSON = [:]) -> JSON {
        var config: JSON = ["units": 3]
        for (name, value) in more.object ?? [:] { config[name] = value }
        return [["Dense": config]]
    }

    /// Rows (1, 1) and (2, −3) by hand.
    @Test func itIsTheProductAndTheBias() throws {
        let rows = NDArray([1, 1, 2, -3] as [Float], shape: [2, 2])
        let all: OrderedDictionary = ["dense/kernel": Self.kernel, "dense/bias": Self.bias]
        #expect(try SmallModel(Self.dense(), rows: rows, variables: all).output == [15, 27, 39, 0, 9, 18])
        let bare = try SmallModel(
            Self.dense(["use_bias": false]), rows: rows, variables: ["dense/kernel": Self.kernel])
        #expect(bare.output == [5, 7, 9, -10, -11, -12])
        let rectified = try SmallModel(
            Self.dense(["use_bias": false, "activation": "relu"]), rows: rows,
            variables: ["dense/kernel": Self.kernel])
        #expect(rectified.output == [5, 7, 9, 0, 0, 0])
    }

    /// Of rows with more axes than one, each vector along the last axis is a row.
    @Test func itWorksOnTheLastAxis() throws {
        let numbers: [Float] = [1, 0, 0, 1, 1, 1, 2, 0]
        let variables: OrderedDictionary = ["dense/kernel": Self.kernel, "dense/bias": Self.bias]
        let flat = try SmallModel(Self.dense(), rows: NDArray(numbers, shape: [4, 2]), variables: variables)
        #expect(flat.shape == [4, 3])
        for shape in [[2, 2, 2], [1, 4, 2], [4, 1, 2], [1, 2, 2, 1, 2]] {
            let deep = try SmallModel(Self.dense(), rows: NDArray(numbers, shape: shape), variables: variables)
            #expect(deep.shape == shape.dropLast() + [3])
            #expect(deep.output == flat.output)
        }
    }

    static let wrong: [(config: JSON, faults: [String])] = [
        (["units": nil], ["/units: is required"]),
        (["units": 2.5], ["/units: must be a positive whole number, not 2.5"]),
        (
            ["units": 0, "activation": "rleu", "use_bias": 1, "trainable": "no", "unit": 1],
            [
                "/trainable: must be true or false, not \"no\"", "/units: must be a positive whole number, not 0",
                "/activation: \"rleu\" is not a known activation; did you mean \"relu\"?",
                "/use_bias: must be true or false, not 1",
                "/unit: is not a known field; did you mean \"units\"?",
            ]
        ),
        (
            ["lora_rank": 4, "lora_alpha": 4, "quantization_config": [:]],
            ["/lora_rank: is not supported yet", "/quantization_config: is not supported yet"]
        ),
        // 2 · 2^30 numbers are as many as a variable may have; one unit more is one too many.
        (
            ["units": 1_073_741_825],
            ["/units: units 1073741825 on 2 inputs make a kernel of more than 2147483648 numbers"]
        ),
        (
            ["units": JSON(Int.max)],
            ["/units: units 9223372036854775807 on 2 inputs make a kernel of more than 2147483648 numbers"]
        ),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        #expect(
            SmallJob.with("model", Self.dense(row.config)).faultsWithoutNames
                == row.faults.map { "/model/0/Dense\($0)" })
    }

    /// Kernel, bias and activity have initializers, regularizers and constraints of their own.
    @Test func everyFieldActs() {
        let fields = [
            "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer", "activity_regularizer",
            "kernel_constraint", "bias_constraint",
        ]
        let configs: [JSON] = fields.map { field in
            [field: field.hasSuffix("initializer") ? "ones" : field.hasSuffix("regularizer") ? "l2" : "non_neg"]
        }
        let others: [JSON] = [
            [:], ["use_bias": false], ["activation": "relu"], ["units": 4], ["kernel_regularizer": "l1"],
        ]
        let effects = (configs + others).map { SmallJob.with("model", Self.dense($0)).effect }
        #expect(!effects.contains(nil))
        #expect(Set(effects).count == effects.count)
    }

    @Test func theLargestKernelIsTaken() {
        var job = SmallJob.training([
            "synthetic": ["features": ["shape": [2]], "labels": ["classes": 3], "examples": 12]
        ])
        job.spec["train_batch_size"] = 1
        job.spec["model"] = Self.dense(["units": 1_073_741_824])
        #expect(job.faults == [])
    }

    @Test func aNumberIsNoRow() {
        var job = SmallJob.training([
            "synthetic": ["features": ["shape": []], "labels": ["classes": 3], "examples": 12]
        ])
        job.spec["model"] = Self.dense()
        #expect(
            job.faults == [
                "/model/0: Dense needs rows of at least one axis, but a row of its input is a single number"
            ])
    }
}
