import Formats
import OrderedCollections
import Testing

/// Arithmetic in place of layers.
@Suite struct OperatorLayerTests {
    /// The model of the operator alone, on the input `x` of two numbers.
    private static func model(_ version: FunctionalModel.Version, _ function: String, _ call: JSON) -> JSON {
        var model = FunctionalModel(version)
        model.input("x", [2])
        switch version {
        case .keras2:
            model.layer("TFOpLambda", "f", ["function": JSON(function)], calls: [call])
        case .keras3:
            model.layer(function, "f", calls: [call])
            model.layers[1]["module"] = "keras.src.ops.numpy"
        }
        model.outputs = ["f", 0, 0]
        return model.json
    }

    private static let x = NodeReaderTests.tensor("x")

    private static func output(_ model: JSON) throws -> [Double] {
        try SmallModel(model, rows: NDArray([4, 0.25] as [Float], shape: [1, 2])).output
    }

    static let binary: [(old: String, new: String, values: [Double])] = [
        ("math.add", "Add", [6, 2.25]), ("__operators__.add", "Add", [6, 2.25]),
        ("math.subtract", "Subtract", [2, -1.75]), ("math.multiply", "Multiply", [8, 0.5]),
        ("math.truediv", "TrueDivide", [2, 0.125]), ("math.divide", "Divide", [2, 0.125]),
        ("math.maximum", "Maximum", [4, 2]), ("math.minimum", "Minimum", [2, 0.25]),
        ("math.pow", "Power", [16, 0.0625]),
    ]

    /// On 4 and 1/4, with 2 as the other operand.
    @Test(arguments: binary.indices) func twoOperandsAreJoined(_ index: Int) throws {
        let row = Self.binary[index]
        #expect(try Self.output(Self.model(.keras2, row.old, ["x", 0, 0, ["y": 2, "name": nil]])) == row.values)
        for call in [
            ["args": [Self.x, 2]], ["args": [Self.x], "kwargs": ["x2": 2]],
            ["args": [], "kwargs": ["x1": Self.x, "x2": 2]],
        ] as [JSON] { #expect(try Self.output(Self.model(.keras3, row.new, call)) == row.values, "\(call)") }
    }

    static let unary: [(old: String, new: String, values: [Double])] = [
        ("math.negative", "Negative", [-4, -0.25]), ("math.abs", "Absolute", [4, 0.25]),
        ("math.abs", "Abs", [4, 0.25]),
        ("math.square", "Square", [16, 0.0625]), ("math.sqrt", "Sqrt", [2, 0.5]),
        ("math.exp", "Exp", [54.598150033, 1.2840254167]), ("math.log", "Log", [1.3862943611, -1.3862943611]),
    ]

    @Test(arguments: unary.indices) func oneOperandIsChanged(_ index: Int) throws {
        let row = Self.unary[index]
        let models = [
            Self.model(.keras2, row.old, ["x", 0, 0, [:]]),
            Self.model(.keras3, row.new, ["args": [Self.x], "kwargs": [:]]),
        ]
        for model in models {
            let output = try Self.output(model)
            #expect(
                output.count == 2
                    && zip(output, row.values).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) }, "\(output)")
        }
    }

    /// The order of operands is that of the call, be the number the first.
    @Test func theNumberMayBeFirst() throws {
        #expect(
            try Self.output(Self.model(.keras2, "math.subtract", ["_CONSTANT_VALUE", -1, 2, ["y": ["x", 0, 0]]]))
                == [-2, 1.75])
        #expect(try Self.output(Self.model(.keras3, "Subtract", ["args": [2, Self.x]])) == [-2, 1.75])
        #expect(try Self.output(Self.model(.keras3, "Divide", ["args": [1, Self.x]])) == [0.25, 4])
    }

    static let wrong: [(function: String, call: JSON, fault: String)] = [
        ("Add", ["args": [x]], "f (add) takes two operands, and operand 2 is not there"),
        ("Add", ["args": [x, [x, x]]], "f (add) takes two operands, and operand 2 is not there"),
        ("Add", ["args": [x, x, x]], "f (add) takes two operands, but it is called with 3"),
        ("Add", ["args": [x, x], "kwargs": ["x2": 1]], "f (add) takes two operands, but it is called with 3"),
        ("Add", ["args": [x, "a"]], "f takes tensors and numbers, not \"a\""),
        ("Add", ["args": [x, true]], "f takes tensors and numbers, not true"),
        ("Add", ["args": [x], "kwargs": ["x3": 1]], "calls \"f\" with \"x3\", which is not supported"),
        ("Negative", ["args": [x, 1]], "f (negative) takes one operand, but it is called with 2"),
        ("Negative", ["args": [[x]]], "f (negative) takes an operand, and operand 1 is not there"),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        #expect(
            SmallJob.with("model", Self.model(.keras3, row.function, row.call)).faults == [
                "/model/config/layers/1/inbound_nodes/0: \(row.fault)"
            ])
    }

    /// Numbers that no double holds are none.
    @Test func numbersAreFinite() throws {
        let huge = try JSON(parsing: Array("1e999".utf8))
        #expect(
            SmallJob.with("model", Self.model(.keras3, "Add", ["args": [Self.x, huge]])).faults == [
                "/model/config/layers/1/inbound_nodes/0: f takes tensors and numbers, not 1e999"
            ])
    }

    @Test func onlySomeFunctionsAreThere() {
        let job = SmallJob.with("model", Self.model(.keras2, "math.erf", ["x", 0, 0, [:]]))
        #expect(
            job.faultsWithoutNames == [
                "/model/config/layers/1/config/function: \"math.erf\" is not supported yet"
            ])
        #expect(job.codes == ["NOT_SUPPORTED"])
        var without = FunctionalModel(.keras2)
        without.input("x", [2])
        without.layer("TFOpLambda", "f", calls: [["x", 0, 0, [:]]])
        without.outputs = ["f", 0, 0]
        #expect(
            SmallJob.with("model", without.json).faults == ["/model/config/layers/1/config/function: is required"])
    }

    /// Rows are joined as they are; a row of one number stretches.
    @Test func rowsAreBroadcast() throws {
        func model(_ units: Int) -> JSON {
            var model = FunctionalModel(.keras3)
            model.input("x", [2])
            model.layer("Dense", "d", ["units": JSON(units), "use_bias": false], calls: [model.call("x")])
            model.sum("s", ["x", 0, 0], ["d", 0, 0])
            model.outputs = ["s", 0, 0]
            return model.json
        }
        let made = try SmallModel(
            model(1), rows: NDArray([1, 2] as [Float], shape: [1, 2]),
            variables: ["d/kernel": NDArray([10, 100] as [Float], shape: [2, 1])])
        #expect(made.output == [211, 212])
        #expect(
            SmallJob.with("model", model(3)).faults == [
                "/model/config/layers/2/inbound_nodes/0: s (add) can't join rows of shape [2] and of shape [3]"
            ])
    }
}
