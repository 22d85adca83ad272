import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct LayerReaderTests {
    private static func job(_ layers: [JSON]) -> SmallJob { SmallJob.with("model", .array(layers)) }

    static let wrong: [(layer: JSON, faults: [String])] = [
        (["Dens": ["units": 3]], ["/Dens: \"Dens\" is not a known layer; did you mean \"Dense\"?"]),
        (
            ["class_name": "Erf", "module": "keras.src.ops.math", "config": [:]],
            ["/class_name: operator Erf is not supported yet"]
        ),
        (["Dense": ["units": 3, "name": ""]], ["/Dense/name: must not be empty"]),
        (["Dense": ["units": 3, "name": 7]], ["/Dense/name: must be a string, not 7"]),
        (["Dense": ["units": 3, "trainable": 1]], ["/Dense/trainable: must be true or false, not 1"]),
        (["Dense": ["units": 3, "unit": 4]], ["/Dense/unit: is not a known field; did you mean \"units\"?"]),
        (["InputLayer": ["shape": [2], "sparse": true]], ["/InputLayer/sparse: is not supported yet"]),
        (["InputLayer": ["shape": [2], "ragged": true]], ["/InputLayer/ragged: is not supported yet"]),
        (["Input": ["shape": [2], "tensor": 1]], ["/Input/tensor: is not a known field"]),
        (["InputLayer": ["shape": [2], "name": ""]], ["/InputLayer/name: must not be empty"]),
    ]

    @Test(arguments: wrong.indices) func isRefused(_ index: Int) {
        let row = Self.wrong[index]
        let faults = Self.job([row.layer, ["Dense": ["units": 3, "name": "last"]]]).faultsWithoutNames
        #expect(faults == row.faults.map { "/model/0\($0)" })
    }

    /// What Keras writes beside and means nothing here.
    @Test func anInputMayHaveMore() {
        let config: JSON = [
            "shape": [2], "sparse": false, "ragged": false, "optional": false, "batch_size": nil, "name": "x",
            "dtype": "float32",
        ]
        for name in ["Input", "InputLayer"] {
            #expect(Self.job([[name: config], ["Dense": ["units": 3]]]).faults == [])
        }
    }

    /// Layers without a name get that of their class, with the next number that no other layer has.
    @Test func namesAreMade() throws {
        let job = Self.job([
            ["Dense": ["units": 3, "name": "dense_1"]], "Flatten", ["Dense": ["units": 3]], ["Dense": ["units": 3]],
            ["Dense": ["units": 3]], "Flatten", ["Activation": ["activation": "relu"]],
        ])
        let rows = try #require(job.definition, "\(job.faults)").plan().summary.split(separator: "\n")
        #expect(
            rows.filter { $0.contains(" (None") }.compactMap { $0.split(separator: " ").first } == [
                "dense_1", "flatten", "dense", "dense_2", "dense_3", "flatten_1", "activation",
            ])
    }

    /// Two layers of a model have two names; those of a model inside are their own.
    @Test func namesAreUnique() {
        func dense(_ name: String) -> JSON { ["Dense": ["units": 3, "name": JSON(name)]] }
        #expect(
            Self.job([dense("a"), dense("a")]).faults == [
                "/model/1/Dense/name: \"a\" is another layer's name, too; give one of them another name"
            ])
        #expect(
            Self.job([["InputLayer": ["shape": [2], "name": "a"]], dense("a")]).faults == [
                "/model/1/Dense/name: \"a\" is another layer's name, too; give one of them another name"
            ])
        #expect(Self.job([["Sequential": ["name": "s", "layers": [dense("a")]]], dense("a")]).faults == [])
    }

    /// A class of Keras 3's operators is one, though a layer may have its name.
    @Test func operatorsAreNoLayers() {
        var model = FunctionalModel(.keras3)
        model.input("x", [2])
        model.layer("Dense", "a", ["units": 3], calls: [model.call("x")])
        model.sum("s", ["a", 0, 0], 2)
        model.outputs = [["s", 0, 0]]
        #expect(SmallJob.with("model", model.json).faults == [])
        // As a layer it has no number to add.
        let place = model.layers.count - 1
        model.layers[place]["module"] = "keras.layers"
        #expect(
            SmallJob.with("model", model.json).faults == [
                "/model/config/layers/2/inbound_nodes/0: calls \"s\" with 2, which is not supported"
            ])
    }
}
