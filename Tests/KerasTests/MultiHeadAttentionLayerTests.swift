import Formats
import Graph
import Keras
import OrderedCollections
import Testing

@Suite struct MultiHeadAttentionLayerTests {
    @Test(arguments: try LayerReference.cases("attention", of: ["MultiHeadAttention"]))
    func kerasNumbers(_ reference: LayerReference) throws { try reference.check() }

    private func layer(_ more: JSON = [:]) throws -> LayerRun {
        var config: JSON = ["num_heads": 2, "key_dim": 3]
        for (name, value) in more.object ?? [:] { config[name] = value }
        return try LayerRun("MultiHeadAttention", config)
    }

    private func arguments(_ count: Int, _ keywords: OrderedDictionary<String, CallArguments.Value>) -> CallArguments {
        CallArguments((0..<count).map { .input($0) }, keywords: keywords)
    }

    @Test func shapesAndNames() throws {
        let plan = try layer(["value_dim": 4, "output_shape": 7]).layer.plan([[5, 8], [6, 9]], .tensors(2))
        #expect(plan.outputs == [[5, 7]])
        #expect(
            plan.variables.map(\.name) == [
                "query/kernel", "query/bias", "key/kernel", "key/bias", "value/kernel", "value/bias",
                "attention_output/kernel", "attention_output/bias",
            ])
        #expect(
            plan.variables.map(\.shape) == [
                [8, 2, 3], [2, 3], [9, 2, 3], [2, 3], [9, 2, 4], [2, 4], [2, 4, 7], [7],
            ])
        let plain = try layer(["use_bias": false]).layer.plan([[5, 8], [6, 9]], .tensors(2))
        #expect(plain.outputs == [[5, 8]])
        #expect(plain.variables.count == 4)
    }

    /// Keras 2 gives all but the query by name.
    @Test func tensorsByName() throws {
        let named = CallArguments([.input(0)], keywords: ["key": .input(1), "value": .input(2)])
        #expect(try layer().layer.plan([[5, 8], [6, 9], [6, 4]], named).variables[2].shape == [9, 2, 3])
        #expect(try layer().layer.plan([[5, 8], [6, 9], [6, 4]], named).variables[4].shape == [4, 2, 3])
    }

    @Test func theQuerysMaskPasses() throws {
        let query = LayerRun.Input(shape: [1, 2, 1], numbers: [1, 2], mask: [1, 0])
        #expect(try layer()([query, query]).masks == [[1, 0]])
    }

    @Test func dropoutIsForTraining() throws {
        let input = LayerRun.Input(shape: [2, 4, 3], numbers: (0..<24).map { Double($0) / 10 })
        var run = try layer(["dropout": 0.5])
        let still = try run([input, input]).numbers
        #expect(try layer()([input, input]).numbers == still)
        run.isTraining = true
        let first = try run([input, input]).numbers
        #expect(first != still)
        #expect(try run([input, input], step: 1).numbers != first)
    }

    @Test func configurationsThatAreRefused() {
        func faults(_ name: String, _ value: JSON) -> [String] {
            LayerRun.read("MultiHeadAttention", ["num_heads": 2, "key_dim": 3, name: value]).faults
        }
        for (name, value) in [
            ("attention_axes", [1, 2]), ("use_gate", true), ("sliding_window", 3), ("activity_regularizer", "l2"),
        ] as [(String, JSON)] {
            #expect(faults(name, value) == ["/\(name): is not supported yet"])
        }
        for (name, value) in [
            ("attention_axes", [1]), ("use_gate", false), ("sliding_window", nil), ("output_shape", [4]), ("seed", 3),
            ("query_shape", [nil, 3, 4]),
        ] as [(String, JSON)] { #expect(faults(name, value) == []) }
        #expect(faults("output_shape", [2, 2]).count == 1)
        #expect(
            LayerRun.read("MultiHeadAttention").faults == ["/num_heads: is required", "/key_dim: is required"])
    }

    @Test func callsThatAreRefused() throws {
        let run = try layer()
        #expect(run.refusal([[5, 8]])?.contains("takes a query and a value") == true)
        #expect(run.refusal([[5, 8, 2], [5, 8]])?.contains("takes rows [time, features]") == true)
        #expect(run.refusal([[5, 8], [5, 8], [6, 8]])?.contains("as many steps, not 5 and 6") == true)
        let scores = arguments(2, ["return_attention_scores": .constant(true)])
        #expect(run.refusal([[5, 8], [5, 8]], scores)?.contains("return_attention_scores is not supported") == true)
        let flag = arguments(2, ["use_causal_mask": .constant(3)])
        #expect(run.refusal([[5, 8], [5, 8]], flag)?.contains("must be true or false") == true)
        let mask = arguments(2, ["attention_mask": .input(2)])
        #expect(run.refusal([[5, 8], [6, 8], [5, 6]], mask) == nil)
        #expect(run.refusal([[5, 8], [6, 8], [2, 5, 6]], mask) == nil)
        #expect(run.refusal([[5, 8], [6, 8], [1, 6]], mask) == nil)
        #expect(run.refusal([[5, 8], [6, 8], [5, 5]], mask)?.contains("here [5, 6]") == true)
        #expect(run.refusal([[5, 8], [6, 8], [6]], mask) != nil)
        let huge = try layer(["num_heads": .init(Int.max)])
        #expect(huge.refusal([[5, 8], [5, 8]])?.hasPrefix("/num_heads: the kernel of query") == true)
    }
}
