import Formats
import OrderedCollections
import Testing

/// Functional models in both JSONs: how layers are connected, and what is refused.
@Suite struct FunctionalReaderTests {
    typealias Version = FunctionalModel.Version

    /// x → a → b, and a + b → c.
    private func residual(_ version: Version) -> FunctionalModel {
        var model = FunctionalModel(version)
        model.input("x", [2])
        model.layer("Dense", "a", ["units": 3], calls: [model.call("x")])
        model.layer("Dense", "b", ["units": 3], calls: [model.call("a")])
        model.sum("s", ["a", 0, 0], ["b", 0, 0])
        model.layer("Dense", "c", ["units": 3], calls: [model.call("s")])
        model.outputs = [["c", 0, 0]]
        return model
    }

    private func job(_ model: FunctionalModel) -> SmallJob { SmallJob.with("model", model.json) }

    @Test(arguments: [Version.keras2, .keras3])
    func layersAreConnected(_ version: Version) {
        let whole = job(residual(version))
        #expect(whole.faults == [])
        for name in ["a", "b", "c"] { #expect(whole.effect?.contains("\(name)/kernel") == true) }
        // The order of the list does not matter, nor that the list of outputs is bare.
        var other = residual(version)
        other.layers.swapAt(1, 4)
        other.outputs = ["c", 0, 0]
        #expect(job(other).faults == [])
        var without = residual(version)
        without.outputs = [["b", 0, 0]]
        #expect(job(without).effect?.contains("c/kernel") == false)
    }

    @Test func bothKerasMeanTheSame() {
        let texts = [Version.keras2, .keras3].map { version in
            job(residual(version)).effect?.split(separator: "\n").filter { !$0.hasPrefix("model ") }
        }
        #expect(texts[0] != nil)
        #expect(texts[0] == texts[1])
    }

    @Test(arguments: [Version.keras2, .keras3])
    func aSharedLayerHasItsVariablesOnce(_ version: Version) {
        var model = FunctionalModel(version)
        model.input("x", [3])
        model.layer("Dense", "a", ["units": 3], calls: [model.call("x"), model.call("a", 0)])
        model.outputs = [["a", 1, 0]]
        let job = job(model).with(features: [3])
        #expect(job.faults == [])
        let reads = job.effect?.split(separator: "dot").count
        #expect((reads ?? 0) > 2)
        #expect(job.effect?.contains("a_1/kernel") == false)
        // Another width would need another kernel.
        var wrong = FunctionalModel(version)
        wrong.input("x", [2])
        wrong.layer("Dense", "a", ["units": 3], calls: [wrong.call("x"), wrong.call("a", 0)])
        wrong.outputs = [["a", 1, 0]]
        let words = self.job(wrong).faults.first ?? ""
        #expect(words.hasPrefix("/model/config/layers/1/inbound_nodes/1: a is called with rows of [3]"), "\(words)")
    }

    @Test(arguments: [(Version.keras2, 1), (.keras3, 0)])
    func aModelInsideHasItsNode(_ version: Version, _ node: Int) {
        var inner = FunctionalModel(version)
        inner.input("u", [2])
        inner.layer("Dense", "hidden", ["units": 3], calls: [inner.call("u")])
        inner.outputs = [["hidden", 0, 0]]
        var model = FunctionalModel(version)
        model.input("x", [2])
        model.layer("Functional", "head", inner.config("head"), calls: [model.call("x")])
        model.layer("Activation", "end", ["activation": "relu"], calls: [model.call("head", node)])
        model.outputs = [["end", 0, 0]]
        #expect(job(model).faults == [])
        #expect(job(model).effect?.contains("head/hidden/kernel") == true)
        // As the output of the model, its first call is node 1 for both.
        model.outputs = [["head", 1, 0]]
        #expect(job(model).faults == [])
        model.outputs = [["head", 2, 0]]
        #expect(
            job(model).faults
                == ["/model/config/output_layers/0: \"head\" has no node 2: it is called once (node 1)"])
    }

    @Test func modelsInsideEachOtherHaveALimit() {
        func nested(_ depth: Int) -> JSON {
            depth == 0
                ? ["Dense": ["units": 3]] : ["Sequential": ["layers": [nested(depth - 1)], "name": "s"]]
        }
        #expect(SmallJob.with("model", [nested(16)]).faults == [])
        let faults = SmallJob.with("model", [nested(17)]).faults
        #expect(faults.count == 1)
        #expect(faults.first?.hasSuffix("at most 16 are possible") == true, "\(faults)")
    }

    @Test func aFrozenModelInsideIsNotTrained() {
        let head: JSON = ["layers": [["Dense": ["units": 3]]], "name": "head", "trainable": false]
        let faults = SmallJob.with("model", [["Sequential": head]]).faults
        #expect(faults.first?.hasPrefix("/model: has no trainable variable") == true, "\(faults)")
        #expect(SmallJob.with("model", [["Sequential": head], ["Dense": ["units": 3]]]).faults == [])
    }

    /// A change that makes the model wrong, and what is said of it.
    struct Wrong: Sendable, CustomTestStringConvertible {
        let fault: String
        let change: @Sendable (inout FunctionalModel) -> Void
        var testDescription: String { fault }

        init(_ fault: String, _ change: @escaping @Sendable (inout FunctionalModel) -> Void) {
            self.fault = fault
            self.change = change
        }
    }

    static let wrongs = [
        Wrong("/model/config/layers/2/inbound_nodes/0/0: \"y\" is not a layer of the model") {
            $0.layers[2]["inbound_nodes"] = [$0.call("y")]
        },
        Wrong("/model/config/layers/2/inbound_nodes/0/0: \"a\" has no node 1: it is called once (node 0)") {
            $0.layers[2]["inbound_nodes"] = [$0.call("a", 1)]
        },
        Wrong("/model/config/layers/2/inbound_nodes/0/0: \"a\" has no node -1: it is called once (node 0)") {
            $0.layers[2]["inbound_nodes"] = [$0.call("a", -1)]
        },
        Wrong("/model/config/layers/2/inbound_nodes/0: a has no output 1: it has 1") {
            $0.layers[2]["inbound_nodes"] = [$0.call("a", 0, 1)]
        },
        Wrong("/model/config/layers/2/inbound_nodes/0/0: the input \"x\" has one tensor: node 0, output 0") {
            $0.layers[2]["inbound_nodes"] = [$0.call("x", 1)]
        },
        Wrong(
            "/model/config/layers/1: is part of a cycle: a, which takes that of b takes the output of one that takes its own"
        ) {
            $0.layers[1]["inbound_nodes"] = [$0.call("b")]
        },
        Wrong("/model/config/layers/2/config/name: \"a\" is another layer's name, too; give one of them another name") {
            $0.layers[2]["config"]?["name"] = "a"
            $0.layers[2]["name"] = "a"
        },
        Wrong("/model/config/layers/2/name: is \"q\", but the layer's configuration has the name \"b\"") {
            $0.layers[2]["name"] = "q"
        },
        Wrong("/model/config/layers/2/inbound_nodes: must be the list of the layer's calls, not null") {
            $0.layers[2]["inbound_nodes"] = nil
        },
        Wrong("/model/config/layers/2/inbound_nodes/0: must be a call like [[\"dense\", 0, 0, {}]], not 7") {
            $0.layers[2]["inbound_nodes"] = [7]
        },
        Wrong("/model/config/layers/2/inbound_nodes/0/0: must be a tensor like [\"dense\", 0, 0, {}], not a list") {
            $0.layers[2]["inbound_nodes"] = [[["a"]]]
        },
        Wrong("/model/config/layers/2/inbound_nodes/0: calls \"b\" with \"mask\", which is not supported") {
            $0.layers[2]["inbound_nodes"] = [[["a", 0, 0, ["mask": ["x", 0, 0]]]]]
        },
        Wrong("/model/config/layers/2/inbound_nodes/0: b (Dense) takes one input, but it is called with 2") {
            $0.layers[2]["inbound_nodes"] = [[["a", 0, 0, [:]], ["a", 0, 0, [:]]]]
        },
        Wrong("/model/config/layers/3/inbound_nodes/0: s (add) can't join rows of shape [3] and of shape [2]") {
            $0.layers[3]["inbound_nodes"] = [["a", 0, 0, ["y": ["x", 0, 0]]]]
        },
        Wrong("/model/config/layers/3/inbound_nodes/0: s (add) takes two operands, and operand 2 is not there") {
            $0.layers[3]["inbound_nodes"] = [["a", 0, 0, [:]]]
        },
        Wrong(
            "/model/config/layers/0/config: the input \"x\" has no shape: expected batch_shape (Keras 3) or batch_input_shape (Keras 2)"
        ) {
            $0.layers[0]["config"]?["batch_input_shape"] = nil
        },
        Wrong("/model/config/input_layers/0: \"a\" is not an input layer of the model") { $0.inputs = [["a", 0, 0]] },
        Wrong("/model/config/input_layers/1: \"x\" is there twice") { $0.inputs = [["x", 0, 0], ["x", 0, 0]] },
        Wrong("/model/config/output_layers: must have at least one tensor like [\"dense\", 0, 0]") {
            $0.outputs = []
        },
        Wrong("/model/config/output_layers/0: must be a tensor like [\"dense\", 0, 0], not \"c\"") {
            $0.outputs = ["c"]
        },
        Wrong("/model/config/output_layers: is required") { $0.outputs = nil },
        Wrong("/model: has no layer that computes anything") { $0.outputs = [["x", 0, 0]] },
    ]

    @Test(arguments: wrongs)
    func isFound(_ wrong: Wrong) {
        var model = residual(.keras2)
        wrong.change(&model)
        #expect(job(model).faults == [wrong.fault])
    }

    @Test func unknownExtentsFollowFromTheData() {
        var model = FunctionalModel(.keras3)
        model.input("x", [nil])
        model.layer("Dense", "a", ["units": 3], calls: [model.call("x")])
        model.outputs = ["a", 0, 0]
        #expect(job(model).faults == [])
        #expect(job(model).effect?.contains("[2,3]") == true)
    }

    /// 10,000 layers in one long chain.
    @Test func manyLayersAreRead() {
        var model = FunctionalModel(.keras3)
        model.input("x", [2])
        var last = "x"
        for place in 1..<10_000 {
            model.layer("Activation", "a\(place)", ["activation": "relu"], calls: [model.call(last)])
            last = "a\(place)"
        }
        model.outputs = [JSON(last), 0, 0]
        #expect(job(model).faults.contains { $0.hasPrefix("/model: has no trainable variable") })
    }
}
