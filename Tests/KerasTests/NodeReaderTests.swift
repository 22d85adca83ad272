import Formats
import OrderedCollections
import Testing

/// The calls of a layer as either Keras writes them.
@Suite struct NodeReaderTests {
    /// x → a, b → m, which is called so.
    private static func job(
        _ className: String, _ nodes: JSON, _ config: JSON = [:], version: FunctionalModel.Version = .keras2
    ) -> SmallJob {
        var model = FunctionalModel(version)
        model.input("x", [2])
        model.layer("Dense", "a", ["units": 3], calls: [model.call("x")])
        model.layer("Dense", "b", ["units": 3], calls: [model.call("x")])
        model.layer(className, "m", config, calls: [])
        model.layers[3]["inbound_nodes"] = nodes
        model.outputs = [["m", 0, 0]]
        return SmallJob.with("model", model.json)
    }

    private static let place = "/model/config/layers/3/inbound_nodes/0"

    static func tensor(_ name: String) -> JSON {
        ["class_name": "__keras_tensor__", "config": ["keras_history": [JSON(name), 0, 0]]]
    }

    @Test func oldCallsAreRead() {
        for call in [
            [["a", 0, 0, [:]], ["b", 0, 0, [:]]], [["a", 0, 0], ["b", 0, 0]],
            [["a", 0, 0, ["training": false]], ["b", 0, 0, [:]]], [["a", 0, 0, ["mask": nil]], ["b", 0, 0, [:]]],
        ] as [JSON] { #expect(Self.job("Add", [call]).faults == [], "\(call)") }
    }

    static let wrong: [(call: JSON, faults: [String])] = [
        ([], [": must be a call like [[\"dense\", 0, 0, {}]], not a list"]),
        (nil, [": must be a call like [[\"dense\", 0, 0, {}]], not null"]),
        ("a", [": must be a call like [[\"dense\", 0, 0, {}]], not \"a\""]),
        ([["a", 0]], ["/0: must be a tensor like [\"dense\", 0, 0, {}], not a list"]),
        ([["a", 0, 0, [:], 5]], ["/0: must be a tensor like [\"dense\", 0, 0, {}], not a list"]),
        ([["a", 0.5, 0]], ["/0: must be a tensor like [\"dense\", 0, 0, {}], not a list"]),
        ([["a", 0, 0, [:]], 7], ["/1: must be a tensor like [\"dense\", 0, 0, {}], not 7"]),
        ([["a", 0, 0, 7], ["b", 0, 0]], ["/0/3: must be an object of arguments, not 7"]),
        (["a", 0, 0, 7], ["/3: must be an object of arguments, not 7"]),
        ([["_CONSTANT_VALUE", -1, 2, [:]]], [": calls a layer without any tensor"]),
        // A number among tensors is not left out.
        ([["a", 0, 0, [:]], ["_CONSTANT_VALUE", -1, 2, [:]]], [": calls \"m\" with 2, which is not supported"]),
        ([["a", 0, 0, ["axis": 1]], ["b", 0, 0]], [": calls \"m\" with \"axis\", which is not supported"]),
        (["args": [[tensor("a"), 2]], "kwargs": [:]], [": calls \"m\" with 2, which is not supported"]),
        (["args": [[tensor("a"), [["x"]]]]], [": calls \"m\" with \"x\", which is not supported"]),
        (["args": [], "kwargs": [:]], [": calls a layer without any tensor"]),
        ([:], [": calls a layer without any tensor"]),
        (["args": 7], ["/args: must be a list, not 7"]),
        (["args": [tensor("a")], "kwarg": [:]], ["/kwarg: is not a known field; did you mean \"kwargs\"?"]),
        (
            ["args": [["class_name": "__keras_tensor__", "config": [:]]]],
            ["/args/0/config/keras_history: must be a tensor like [\"dense\", 0, 0]"]
        ),
        (
            [
                "args": [
                    [tensor("a"), ["class_name": "__keras_tensor__", "config": ["keras_history": ["a", "0", 0]]]]
                ]
            ],
            ["/args/0/1/config/keras_history: must be a tensor like [\"dense\", 0, 0]"]
        ),
        (
            ["args": [tensor("a")], "kwargs": ["mask": tensor("b")]],
            [": calls \"m\" with \"mask\", which is not supported"]
        ),
        // What is of no use in a call is not followed without end.
        (["args": [[[[[[tensor("a")]]]]]]], [": calls a layer without any tensor"]),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        #expect(Self.job("Add", [row.call]).faults == row.faults.map { Self.place + $0 })
    }

    @Test func newCallsAreRead() {
        for call in [
            ["args": [[Self.tensor("a"), Self.tensor("b")]], "kwargs": [:]],
            ["args": [[Self.tensor("a"), Self.tensor("b")]]],
            ["args": [Self.tensor("a"), Self.tensor("b")], "kwargs": nil],
            ["args": [[Self.tensor("a"), Self.tensor("b")], nil], "kwargs": ["mask": nil, "training": true]],
            ["args": [[[[Self.tensor("a"), Self.tensor("b")]]]]],
        ] as [JSON] { #expect(Self.job("Add", [call], version: .keras3).faults == [], "\(call)") }
    }

    /// A number in front of a tensor is an operator's first operand; tensors may be named as keywords.
    @Test func operatorsHaveConstants() {
        let function: JSON = ["function": "math.subtract"]
        for call in [
            ["_CONSTANT_VALUE", -1, 2, ["y": ["a", 0, 0]]], ["a", 0, 0, ["y": 2, "name": nil]],
            [["a", 0, 0, ["y": ["b", 0, 0]]]],
        ] as [JSON] { #expect(Self.job("TFOpLambda", [call], function).faults == [], "\(call)") }
        #expect(
            Self.job("TFOpLambda", [["a", 0, 0, ["y": [["a", 0, 0], ["b", 0, 0]]]]], function).faults == [
                "\(Self.place): m (subtract) takes two operands, and operand 2 is not there"
            ])
        #expect(
            Self.job("TFOpLambda", [["a", 0, 0, ["y": [["a", 0, 0], 3]]]], function).faults == [
                "\(Self.place): m takes tensors and numbers, not a list"
            ])
    }

    /// Inputs and outputs of a model are one tensor, or a list of some.
    @Test func aModelsTensorsAreAListOrOne() {
        func faults(_ change: (inout FunctionalModel) -> Void) -> [String] {
            var model = FunctionalModel(.keras3)
            model.input("x", [2])
            model.layer("Dense", "a", ["units": 3], calls: [model.call("x")])
            model.outputs = ["a", 0, 0]
            change(&model)
            return SmallJob.with("model", model.json).faults
        }
        #expect(faults { $0.inputs = ["x", 0, 0] } == [])
        #expect(faults { $0.outputs = [["a", 0, 0]] } == [])
        #expect(
            faults { $0.inputs = 7 } == [
                "/model/config/input_layers: must be a list of tensors like [\"dense\", 0, 0], not 7"
            ])
        #expect(
            faults { $0.inputs = [] } == [
                "/model/config/input_layers: must have at least one tensor like [\"dense\", 0, 0]"
            ])
        #expect(
            faults { $0.outputs = [["a", 0], ["a", 0, 0]] } == [
                "/model/config/output_layers/0: must be a tensor like [\"dense\", 0, 0], not a list"
            ])
    }
}
