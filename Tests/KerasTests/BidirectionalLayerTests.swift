import Formats
import Keras
import OrderedCollections
import Testing

@Suite struct BidirectionalLayerTests {
    @Test(arguments: try LayerReference.cases("recurrent", of: ["Bidirectional"]))
    func kerasNumbers(_ reference: LayerReference) throws { try reference.check() }

    private func lstm(_ name: String, _ more: JSON = [:]) -> JSON {
        var config: JSON = ["name": JSON(name), "units": 2]
        for (key, value) in more.object ?? [:] { config[key] = value }
        return ["class_name": "LSTM", "config": config]
    }

    private func faults(_ config: JSON) -> [String] { LayerRun.read("Bidirectional", config).faults }

    @Test func bothHalvesAreNamed() throws {
        for (config, parts) in [
            (["layer": lstm("lstm")], ["forward_lstm", "backward_lstm"]),
            (["layer": lstm("forward_lstm")], ["forward_lstm", "backward_lstm"]),
            (
                ["layer": lstm("a"), "backward_layer": lstm("b", ["go_backwards": true])],
                ["forward_a", "backward_b"]
            ),
        ] as [(JSON, [String])] {
            let plan = try LayerRun("Bidirectional", config).layer.plan([[3, 4]], .tensors())
            #expect(
                plan.variables.map(\.name)
                    == parts.flatMap { part in
                        ["kernel", "recurrent_kernel", "bias"].map { "\(part)/lstm_cell/\($0)" }
                    })
            #expect(plan.outputs == [[4]])
        }
    }

    @Test func aFrozenHalfIsNotTrained() throws {
        let plan = try LayerRun("Bidirectional", ["layer": lstm("a", ["trainable": false])])
            .layer.plan([[3, 4]], .tensors())
        #expect(plan.variables.allSatisfy { !$0.isTrainable })
    }

    @Test func masksPassWithSequences() throws {
        let input = LayerRun.Input(shape: [1, 2, 1], numbers: [1, 2], mask: [1, 0])
        #expect(try LayerRun("Bidirectional", ["layer": lstm("a")])([input]).masks == [nil])
        let all = try LayerRun("Bidirectional", ["layer": lstm("a", ["return_sequences": true])])
        #expect(try all([input]).masks == [[1, 0]])
    }

    @Test func whatIsRefused() throws {
        #expect(
            faults(["layer": lstm("a"), "merge_mode": nil]) == [
                "/merge_mode: null, for two outputs, is not supported yet"
            ])
        #expect(faults(["layer": lstm("a"), "merge_mode": "max"]).count == 1)
        #expect(faults([:]) == ["/layer: is required"])
        #expect(
            faults(["layer": ["class_name": "Dense", "config": ["units": 2]]]) == [
                "/layer: Dense is not supported: expected SimpleRNN, LSTM or GRU"
            ])
        #expect(
            faults(["layer": lstm("a"), "backward_layer": lstm("b")]).first?.contains("in the other direction") == true)
        let sequences = lstm("b", ["go_backwards": true, "return_sequences": true])
        #expect(
            faults(["layer": lstm("a"), "backward_layer": sequences]).first?.contains("same return_sequences") == true)
        let wider = lstm("b", ["go_backwards": true, "units": 3])
        let sum = try LayerRun(
            "Bidirectional", ["layer": lstm("a"), "backward_layer": wider, "merge_mode": "sum"])
        #expect(sum.refusal([[3, 4]])?.contains("expected the same units") == true)
    }
}
