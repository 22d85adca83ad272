import Formats
import OrderedCollections
import Testing

@Suite struct InputShapeReaderTests {
    /// A model whose input layer has this configuration.
    private static func input(_ config: JSON) -> SmallJob {
        SmallJob.with("model", [["InputLayer": config], ["Dense": ["units": 3]]])
    }

    private static func dense(_ config: JSON) -> SmallJob {
        var config = config
        config["units"] = 3
        return SmallJob.with("model", [["Dense": config]])
    }

    private static let place = "/model/0/InputLayer"

    static let wrong: [(config: JSON, faults: [String])] = [
        (["batch_shape": [4, 2]], ["/batch_shape/0: must be null: the batch size is the job's"]),
        (["batch_input_shape": ["x", 2]], ["/batch_input_shape/0: must be null: the batch size is the job's"]),
        (
            ["batch_shape": []],
            ["/batch_shape: must begin with null for the batch, as [null, 28, 28] for rows of shape [28, 28]"]
        ),
        (
            ["batch_input_shape": []],
            [
                "/batch_input_shape: must begin with null for the batch, as [null, 28, 28] for rows of shape [28, 28]"
            ]
        ),
        (["batch_shape": 2], ["/batch_shape: must be a list, not 2"]),
        (["shape": [0]], ["/shape/0: must be a whole number from 1 to 2147483647, not 0"]),
        (
            ["shape": [2, -1, "x", 0.5, 2_147_483_648]],
            [
                "/shape/1: must be a whole number from 1 to 2147483647, not -1",
                "/shape/2: must be a whole number from 1 to 2147483647, not \"x\"",
                "/shape/3: must be a whole number from 1 to 2147483647, not 0.5",
                "/shape/4: must be a whole number from 1 to 2147483647, not 2147483648",
            ]
        ),
        (["shape": [65536, 32769]], ["/shape: makes rows of more than 2147483648 numbers"]),
        (
            ["shape": [2_147_483_647, 2_147_483_647, 2_147_483_647]],
            ["/shape: makes rows of more than 2147483648 numbers"]
        ),
        (["batch_shape": [nil, 2], "shape": [3]], ["/shape: is not the same as batch_shape"]),
        (["batch_shape": [nil, 2], "input_shape": [nil]], ["/input_shape: is not the same as batch_shape"]),
        (
            ["batch_shape": [nil, 2], "input_shape": [3], "shape": [2]],
            ["/input_shape: is not the same as batch_shape"]
        ),
        (["shape": [2], "dtype": 7], ["/dtype: \"7\" is not supported; an input may be \(types)"]),
        (["shape": [2], "dtype": "float16"], ["/dtype: \"float16\" is not supported; an input may be \(types)"]),
        (
            ["shape": [2], "dtype": ["class_name": "DTypePolicy", "config": ["name": "float64"]]],
            ["/dtype: \"float64\" is not supported; an input may be \(types)"]
        ),
    ]

    private static let types = "bool, float32, int16, int32, int64, int8, uint16 or uint8"

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        #expect(Self.input(row.config).faults == row.faults.map { Self.place + $0 })
    }

    @Test func aShapeIsSaidInMoreWaysThanOne() {
        for config in [
            ["batch_shape": [nil, 2]], ["batch_input_shape": [nil, 2]], ["input_shape": [2]], ["shape": [2]],
            ["batch_shape": [nil, 2], "batch_input_shape": [nil, 2], "input_shape": [2], "shape": [2]],
            ["batch_shape": [nil, nil]], ["batch_shape": nil, "shape": [2]], ["dtype": nil], [:],
            ["shape": [2], "dtype": ["class_name": "DTypePolicy", "config": ["name": "float32"]]],
        ] as [JSON] { #expect(Self.input(config).faults == [], "\(config)") }
        // Each is held against the data.
        for (name, shape) in [
            ("batch_shape", [nil, 3]), ("batch_input_shape", [nil, 3]), ("input_shape", [3]), ("shape", [3]),
        ] as [(String, JSON)] {
            #expect(
                Self.input([name: shape]).faults.first
                    == "/train/input: gives rows of shape [2], but the model takes [3] (\(Self.place)/\(name)); a reshape in "
                    + "map helps where the counts agree")
        }
    }

    /// A row of one number has no extents.
    @Test func aShapeMayBeEmpty() {
        for config in [["batch_shape": [nil]], ["shape": []]] as [JSON] {
            #expect(
                Self.input(config).faults.first?.hasPrefix("/model/1: Dense needs rows of at least one axis") == true,
                "\(config) \(Self.input(config).faults)")
        }
    }

    @Test func aLayerSaysWhatTheModelTakes() {
        for config in [
            ["input_shape": [2]], ["batch_input_shape": [nil, 2]], ["input_dim": 2],
            ["input_dim": 2, "input_shape": [2]],
            // Unknown extents alone say nothing, not even how many there are.
            ["batch_input_shape": [nil, nil, nil]], ["input_shape": [nil, nil]], [:],
        ] as [JSON] { #expect(Self.dense(config).faults == [], "\(config)") }
        #expect(
            Self.dense(["input_dim": 5]).faults.first?.hasPrefix(
                "/train/input: gives rows of shape [2], but the model takes [5] (/model/0/Dense/input_dim)") == true)
        #expect(
            Self.dense(["input_shape": [2], "input_dim": 3]).faults == [
                "/model/0/Dense/input_dim: is not the same as input_shape"
            ])
        #expect(
            Self.dense(["input_shape": [nil, 2]]).faults.first?.hasPrefix(
                "/train/input: gives rows of shape [2], but the model takes [null, 2] (/model/0/Dense/input_shape)")
                == true)
        // An extent is the layer's alone where it is Dense.
        #expect(
            SmallJob.with("model", [["Flatten": ["input_dim": 2]], ["Dense": ["units": 3]]]).faults.first?.hasPrefix(
                "/model/0/Flatten/input_dim: is not a known field") == true)
        #expect(
            SmallJob.with("model", [["Dense": ["units": 3, "shape": [2]]]]).faults.first?.hasPrefix(
                "/model/0/Dense/shape: is not a known field") == true)
    }
}
