import Formats
import Graph
import Keras
import OrderedCollections
import Testing

@Suite struct AttentionLayerTests {
    @Test(arguments: try LayerReference.cases("attention", of: ["Attention", "AdditiveAttention"]))
    func kerasNumbers(_ reference: LayerReference) throws { try reference.check(isList: true) }

    private static let query = LayerRun.Input(shape: [1, 2, 2], numbers: [1, 2, 3, 4], mask: [1, 0])
    private static let value = LayerRun.Input(shape: [1, 3, 2], numbers: [1, 0, 0, 1, 2, 2])

    @Test func causalByConfigurationAndByCall() throws {
        let old = try LayerRun("Attention", ["causal": true], version: .keras2)
        var new = try LayerRun("Attention")
        let free = try new([Self.query, Self.value]).numbers
        new.arguments = CallArguments(
            [.list([.input(0), .input(1)])], keywords: ["use_causal_mask": .constant(true)])
        let causal = try new([Self.query, Self.value]).numbers
        #expect(try old([Self.query, Self.value]).numbers == causal)
        #expect(causal != free)
        // The first step sees the first value alone; the second one is masked.
        #expect(isNear(Array(causal.prefix(2)), [1, 0]))
        #expect(causal.suffix(2) == [0, 0])
    }

    @Test func theQuerysMaskPasses() throws {
        #expect(try LayerRun("Attention")([Self.query, Self.value]).masks == [[1, 0]])
    }

    @Test func dropoutIsForTraining() throws {
        let config: JSON = ["dropout": 0.5]
        let query = LayerRun.Input(shape: [4, 3, 2], numbers: (0..<24).map { Double($0) / 10 })
        let still = try LayerRun("Attention", config)([query, query]).numbers
        #expect(try LayerRun("Attention")([query, query]).numbers == still)
        #expect(try LayerRun("Attention", config, isTraining: true)([query, query]).numbers != still)
    }

    @Test func variables() throws {
        func variables(_ className: String, _ config: JSON = [:]) throws -> [String] {
            try LayerRun(className, config).layer.plan([[2, 4], [3, 4]], .tensors(2)).variables
                .map { "\($0.name)\($0.shape)" }
        }
        #expect(try variables("Attention") == [])
        #expect(try variables("Attention", ["use_scale": true]) == ["scale[]"])
        #expect(try variables("Attention", ["score_mode": "concat"]) == ["concat_score_weight[]"])
        #expect(try variables("AdditiveAttention") == ["scale[4]"])
        #expect(try variables("AdditiveAttention", ["use_scale": false]) == [])
    }

    @Test func whatIsRefused() throws {
        let run = try LayerRun("Attention")
        #expect(run.refusal([[2, 4]])?.contains("called with 1 tensors") == true)
        #expect(run.refusal([[2, 4], [3, 5]])?.contains("keys as wide as the query") == true)
        #expect(run.refusal([[2, 4], [3, 5], [3, 4]]) == nil)
        #expect(run.refusal([[2, 4], [2, 5], [3, 4]]) != nil)
        #expect(run.refusal([[4], [4]]) != nil)
        let scores = CallArguments(
            [.list([.input(0), .input(1)])], keywords: ["return_attention_scores": .constant(true)])
        #expect(run.refusal([[2, 4], [3, 4]], scores)?.contains("is not supported") == true)
        #expect(
            LayerRun.read("Attention", ["score_mode": "additive"]).faults == [
                "/score_mode: must be one of \"dot\" or \"concat\", not \"additive\""
            ])
        #expect(LayerRun.read("Attention", ["score_mode": "nonsense"]).faults.count == 1)
        #expect(LayerRun.read("AdditiveAttention", ["score_mode": "dot"]).faults.count == 1)
    }
}
