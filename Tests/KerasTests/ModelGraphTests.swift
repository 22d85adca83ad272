import Graph
import Keras
import Testing

@Suite struct ModelGraphTests {
    private typealias Probe = LayerCallTests.Probe

    private static func graph(
        _ builder: GraphBuilder, _ variables: [LayerVariable] = [], version: KerasVersion = .keras3
    ) -> ModelGraph {
        ModelGraph(builder, variables: variables, isTraining: true, seed: 7, version: version)
    }

    /// Variables have the names and the order of the plan, and may be frozen.
    @Test func variablesAreThoseOfThePlan() {
        let builder = GraphBuilder()
        _ = Self.graph(
            builder,
            [
                LayerVariable("b/w", shape: [2], initializer: .ones),
                LayerVariable("a/w", shape: [], initializer: .zeros, isTrainable: false),
            ])
        #expect(builder.variables.map(\.name) == ["b/w", "a/w"])
        #expect(builder.trainableVariables.map(\.name) == ["b/w"])
    }

    /// What no plan has can't be set.
    @Test func onlyPlannedStatesAreStored() {
        let builder = GraphBuilder()
        let graph = Self.graph(builder)
        graph.update("a/m", to: builder.constant(1))
        #expect(builder.error == nil)
        graph.assignStates()
        #expect(builder.error?.node == "a/m")
    }

    /// Penalties of variables that are trained, and in Keras 2 of all.
    @Test(arguments: [(KerasVersion.keras3, 1), (.keras2, 2)])
    func penaltiesOfVariables(_ version: KerasVersion, _ count: Int) {
        let some = Regularizer.norms(l1: 1, l2: 0)
        let graph = Self.graph(
            GraphBuilder(),
            [
                LayerVariable("a", shape: [2], initializer: .ones, regularizer: some),
                LayerVariable("b", shape: [2], initializer: .ones, isTrainable: false, regularizer: some),
                LayerVariable("c", shape: [2], initializer: .ones),
            ], version: version)
        #expect(graph.penalties.count == count)
    }

    /// Each input has a mask or none, however many are given; a layer is frozen by itself or by what is around it.
    @Test func aCallKnowsItsPlace() {
        let builder = GraphBuilder()
        let graph = Self.graph(builder)
        let x = builder.constant(1, shape: [2, 3])
        let mask = x .> 0
        for (masks, expected) in [
            ([], [nil, nil]), ([mask], [mask.id, nil]), ([nil, mask, mask], [nil, mask.id]),
        ] as [([Tensor?], [ValueID?])] {
            let probe = Probe { inputs, call in
                #expect(call.masks.map { $0?.id } == expected)
                #expect(call.path == "m/p" && call.isTraining && call.shards == 1)
                return inputs
            }
            _ = graph.run(
                probe, path: "m/p", isTrainable: true, [x, x], masks: masks, arguments: .tensors(2))
        }
        for (own, around) in [(true, true), (true, false), (false, true), (false, false)] {
            let probe = Probe(common: Probe.part("p", isTrainable: own)) { inputs, call in
                #expect(call.isTrainable == (own && around))
                return inputs
            }
            _ = graph.run(probe, path: "p", isTrainable: around, [x], masks: [], arguments: .tensors())
        }
    }

    /// Seeds differ by the job, by the layer and by the draw.
    @Test func seedsAreTheirOwn() {
        var seen: Set<UInt64> = []
        for job in [0, 1, UInt64.max] {
            for path in ["", "a", "b", "a/b"] {
                for draw in [0, 1, 2, UInt64.max] { seen.insert(ModelGraph.seed(job, path, draw: draw)) }
            }
        }
        #expect(seen.count == 3 * 4 * 4)
        #expect(ModelGraph.seed(3, "a", draw: 5) == ModelGraph.seed(3, "a", draw: 5))
    }
}
