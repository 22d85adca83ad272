import Formats
import Graph
import Keras
import OrderedCollections
import Testing

/// SimpleRNN, LSTM and GRU against Keras' numbers, and what their configurations may hold.
@Suite struct RecurrentLayerTests {
    private static let classes: Set<String> = ["SimpleRNN", "LSTM", "GRU"]

    @Test(arguments: try LayerReference.cases("recurrent", of: classes))
    func kerasNumbers(_ reference: LayerReference) throws { try reference.check() }

    @Test func thereAreCasesOfEach() throws {
        #expect(Set(try LayerReference.cases("recurrent", of: Self.classes).map(\.className)) == Self.classes)
    }

    @Test(arguments: [("SimpleRNN", 1), ("LSTM", 4), ("GRU", 3)])
    func shapesAndNames(_ className: String, _ gates: Int) throws {
        let part = ["SimpleRNN": "simple_rnn_cell", "LSTM": "lstm_cell", "GRU": "gru_cell"][className] ?? ""
        let plan = try LayerRun(className, ["units": 5]).layer.plan([[7, 3]], .tensors())
        #expect(plan.outputs == [[5]])
        #expect(plan.variables.map(\.name) == ["kernel", "recurrent_kernel", "bias"].map { "\(part)/\($0)" })
        let bias = className == "GRU" ? [2, 15] : [5 * gates]
        #expect(plan.variables.map(\.shape) == [[3, 5 * gates], [5, 5 * gates], bias])
        #expect(plan.variables[1].initializer == .orthogonal(gain: 1))
        let all = try LayerRun(className, ["units": 5, "return_sequences": true, "use_bias": false])
        #expect(try all.layer.plan([[7, 3]], .tensors()).outputs == [[7, 5]])
        #expect(try all.layer.plan([[7, 3]], .tensors()).variables.count == 2)
    }

    @Test func masksPassWithSequences() throws {
        let input = LayerRun.Input(shape: [1, 2, 1], numbers: [1, 2], mask: [1, 0])
        #expect(try LayerRun("LSTM", ["units": 1])([input]).masks == [nil])
        #expect(try LayerRun("LSTM", ["units": 1, "return_sequences": true])([input]).masks == [[1, 0]])
    }

    @Test func zerosWhereMasked() throws {
        let input = LayerRun.Input(shape: [1, 3, 1], numbers: [1, 2, 3], mask: [1, 0, 1])
        let outputs = try LayerRun("GRU", ["units": 1, "return_sequences": true, "zero_output_for_mask": true])(
            [input]
        ).numbers
        #expect(outputs[0] != 0 && outputs[1] == 0 && outputs[2] != 0)
    }

    @Test(arguments: ["SimpleRNN", "LSTM", "GRU"])
    func dropoutIsTheSameInAllSteps(_ className: String) throws {
        let count = 8 * 6 * 4
        let input = LayerRun.Input(shape: [8, 6, 4], numbers: .init(repeating: 0.5, count: count))
        for (dropout, recurrent) in [(0.5, 0.0), (0.0, 0.5), (0.5, 0.5)] {
            let config: JSON = ["units": 3, "dropout": JSON(dropout), "recurrent_dropout": JSON(recurrent)]
            var run = try LayerRun(className, config, isTraining: true)
            let first = try run([input], upstreams: [.init(repeating: 1, count: 24)])
            #expect(try run([input]).numbers == first.numbers)
            #expect(try run([input], step: 3).numbers != first.numbers)
            run.isTraining = false
            let still = try run([input]).numbers
            #expect(still != first.numbers)
            #expect(try LayerRun(className, ["units": 3])([input]).numbers == still)
            // What is dropped by all gates is dropped in every step: it has no gradient anywhere.
            guard className == "SimpleRNN", dropout > 0 else { continue }
            let slopes = first.gradients["x0"] ?? []
            for row in 0..<8 {
                for feature in 0..<4 {
                    let isDropped = (0..<6).map { slopes[(row * 6 + $0) * 4 + feature] == 0 }
                    #expect(Set(isDropped).count == 1)
                }
            }
            #expect(slopes.contains(0) && slopes.contains { $0 != 0 })
        }
    }

    @Test func activityPenaltiesAreDividedByTheBatch() throws {
        let builder = GraphBuilder()
        let layer = try LayerRun("SimpleRNN", ["units": 2, "activity_regularizer": "l2"]).layer
        let plan = try layer.plan([[3, 2]], .tensors())
        let graph = ModelGraph(
            builder, variables: plan.variables.map { $0.inside("layer", isTrainable: true) }, isTraining: true, seed: 0,
            version: .keras3)
        let x = builder.constant(1, shape: [4, 3, 2])
        _ = graph.run(layer, path: "layer", isTrainable: true, [x], masks: [], arguments: .tensors())
        #expect(graph.penalties.count == 1)
    }

    @Test func whatIsRefused() throws {
        for (name, value) in [("return_state", true), ("stateful", true), ("time_major", true)] as [(String, JSON)] {
            let faults = LayerRun.read("GRU", ["units": 2, name: value]).faults
            #expect(faults == ["/\(name): is not supported yet"])
        }
        #expect(LayerRun.read("LSTM").faults == ["/units: is required"])
        #expect(LayerRun.read("LSTM", ["units": 2, "dropout": 1]).faults.count == 1)
        #expect(LayerRun.read("LSTM", ["units": 2, "recurrent_activation": "nonsense"]).faults.count == 1)
        #expect(
            LayerRun.read(
                "LSTM",
                [
                    "units": 2, "unroll": true, "implementation": 2, "use_cudnn": "auto", "seed": nil,
                    "stateful": false,
                    "time_major": false, "return_state": false,
                ]
            ).faults == [])
        let run = try LayerRun("LSTM", ["units": 2])
        #expect(run.refusal([[4]])?.contains("takes rows [time, features]") == true)
        #expect(run.refusal([[5000, 1]])?.contains("at most 4096 time steps, not 5000") == true)
        #expect(run.refusal([[4096, 1]]) == nil)
        #expect(
            try LayerRun("LSTM", ["units": .init(Int.max)]).refusal([[2, 2]])?.hasPrefix("/units: units") == true)
    }

    /// Null is no activation, and what is not given is Keras' default.
    @Test func activationsThatAreNull() throws {
        var run = try LayerRun("SimpleRNN", ["units": 1, "activation": nil, "use_bias": false])
        run.variables = ["simple_rnn_cell/kernel": [3], "simple_rnn_cell/recurrent_kernel": [2]]
        let input = LayerRun.Input(shape: [1, 2, 1], numbers: [1, 1])
        #expect(try run([input]).numbers == [9])
    }
}
