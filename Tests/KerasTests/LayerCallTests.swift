import Estimator
import Executor
import Formats
import Graph
import Keras
import Testing

/// What a layer sees of the graph: with layers made for it.
@Suite struct LayerCallTests {
    /// A layer made of what a test says.
    struct Probe: Layer {
        var common = Probe.part("probe")
        var masking = Masking.drops
        var takesIntegers = false
        var variables: [LayerVariable] = []
        var body: @Sendable ([Tensor], LayerCall) -> [Tensor] = { inputs, _ in inputs }

        static func part(_ name: String, isTrainable: Bool = true) -> LayerHeader {
            LayerHeader(
                name: name, className: "Probe", pointer: .root, version: .keras3, isTrainable: isTrainable, depth: 0)
        }

        func plan(_ inputs: [[Int]], _ arguments: CallArguments) -> LayerPlan {
            LayerPlan(outputs: inputs, variables: variables)
        }
        func call(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor] { body(inputs, call) }
        func masks(_ inputs: [Tensor], _ call: LayerCall) -> [Tensor?] { inputs.map { $0 .> 0 } }
    }

    private func graph(
        _ builder: GraphBuilder, _ probe: Probe, isTraining: Bool = true, version: KerasVersion = .keras3
    ) -> ModelGraph {
        ModelGraph(
            builder, variables: probe.variables.map { $0.inside("probe", isTrainable: probe.common.isTrainable) },
            isTraining: isTraining, seed: 7, version: version)
    }

    @discardableResult
    private func run(
        _ graph: ModelGraph, _ probe: Probe, _ inputs: [Tensor], masks: [Tensor?] = []
    ) -> LayerResult {
        graph.run(
            probe, path: "probe", isTrainable: true, inputs, masks: masks, arguments: .tensors(inputs.count))
    }

    /// The numbers of a program's outfeed after some steps on some cores.
    private func outfeed(
        _ builder: GraphBuilder, _ values: [(name: String, value: Tensor)], steps: Int = 1, cores: Int = 1
    ) throws -> [[[Double]]] {
        let executor = try ReferenceExecutor(
            program: try builder.finish(outfeed: values),
            options: ExecutorOptions(replicas: cores, infeedCapacity: steps))
        _ = try executor.run(iterations: steps)
        return try (0..<steps).map { _ in
            let tensors = try #require(try executor.outfeed?.dequeue())
            return tensors.map { Literal(type: $0.type, bytes: $0.bytes).doubles }
        }
    }

    @Test func variablesAreThereOnceForAllCalls() throws {
        let builder = GraphBuilder()
        let probe = Probe(variables: [LayerVariable("w", shape: [], initializer: .constant(3))]) { inputs, call in
            inputs.map { $0 * call["w"] }
        }
        let graph = graph(builder, probe)
        let x = builder.constant(2)
        let once = run(graph, probe, [x]).outputs[0]
        let twice = run(graph, probe, [once]).outputs[0]
        #expect(builder.variables.map(\.name) == ["probe/w"])
        #expect(try outfeed(builder, [("y", twice)]) == [[[18]]])
    }

    @Test func aVariableThatIsNotPlannedIsAFault() {
        let builder = GraphBuilder()
        let probe = Probe { inputs, call in [call["w"]] }
        run(graph(builder, probe), probe, [builder.constant(2)])
        #expect(builder.error?.node == "probe/w")
    }

    @Test func integersBecomeFloatsUnlessTheyAreTaken() {
        let builder = GraphBuilder()
        var probe = Probe()
        let x = builder.constant(2, dtype: .uint8)
        #expect(run(graph(builder, probe), probe, [x]).outputs[0].dtype == .float32)
        probe.takesIntegers = true
        #expect(run(graph(builder, probe), probe, [x]).outputs[0].dtype == .uint8)
    }

    @Test func statesAreTheMeanOfAllCoresAndOfTheLastCall() throws {
        let probe = Probe(
            variables: [LayerVariable("m", shape: [], initializer: .constant(8), isTrainable: false)]
        ) { inputs, call in
            call.update("m", to: (call["m"] + inputs[0]) / 2)
            return [call["m"]]
        }
        let builder = GraphBuilder()
        let seen = try ShardContext.$numberOfShards.withValue(4) {
            let graph = graph(builder, probe)
            let core = builder.replicaIndex().cast(to: .float32)
            run(graph, probe, [core])
            // The second call of a layer that is shared goes on from the first.
            let seen = run(graph, probe, [core]).outputs[0]
            graph.assignStates()
            let stored = try #require(builder.variable(named: "probe/m"))
            return try outfeed(builder, [("seen", seen), ("stored", stored.value)], steps: 2, cores: 4)
        }
        // On core c: (8 + c) / 2, then that plus c, halved: 2 + 3c/4; the mean over 0, 1, 2, 3 is 3.125.
        #expect(seen[0] == [[2, 2.75, 3.5, 4.25], [8, 8, 8, 8]])
        #expect(seen[1][1] == [3.125, 3.125, 3.125, 3.125])
    }

    @Test func statesStayWithoutTraining() throws {
        let probe = Probe(
            variables: [LayerVariable("m", shape: [], initializer: .constant(8), isTrainable: false)]
        ) { inputs, call in
            call.update("m", to: inputs[0])
            return [call["m"]]
        }
        let builder = GraphBuilder()
        let graph = graph(builder, probe, isTraining: false)
        let seen = run(graph, probe, [builder.constant(1)]).outputs[0]
        graph.assignStates()
        #expect(try outfeed(builder, [("seen", seen)], steps: 2) == [[[8]], [[8]]])
    }

    @Test func randomNumbersDifferByCallStepAndCore() throws {
        let probe = Probe { _, call in [call.randomUniform([64])] }
        let builder = GraphBuilder()
        let numbers = try ShardContext.$numberOfShards.withValue(2) {
            let graph = graph(builder, probe)
            let x = builder.constant(0)
            let draws = [run(graph, probe, [x]).outputs[0], run(graph, probe, [x]).outputs[0]]
            try #require(builder.variable(named: "global_step")).assignAdd(builder.constant(1, dtype: .int64))
            return try outfeed(builder, [("a", draws[0]), ("b", draws[1])], steps: 2, cores: 2)
        }
        // Two steps, two draws, two cores: eight different rows of 64 numbers.
        let rows = numbers.joined().flatMap { [Array($0.prefix(64)), Array($0.suffix(64))] }
        #expect(rows.count == 8)
        #expect(Set(rows).count == 8)
        #expect(rows.joined().allSatisfy { (0..<1).contains($0) })
        #expect(ModelGraph.seed(1, "a", draw: 0) != ModelGraph.seed(2, "a", draw: 0))
        #expect(ModelGraph.seed(1, "a", draw: 0) != ModelGraph.seed(1, "b", draw: 0))
    }

    @Test func normalNumbersHaveTheirMeanAndDeviation() throws {
        let probe = Probe { _, call in [call.randomNormal([20_000])] }
        let builder = GraphBuilder()
        let x = run(graph(builder, probe), probe, [builder.constant(0)]).outputs[0]
        let numbers = try outfeed(builder, [("x", x)])[0][0]
        let mean = numbers.reduce(0, +) / 20_000
        let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000).squareRoot()
        #expect(abs(mean) < 0.03 && abs(deviation - 1) < 0.03, "\(mean) \(deviation)")
    }

    @Test func penaltiesAddUp() throws {
        let penalized = LayerVariable(
            "w", shape: [2], initializer: .constant(3), regularizer: .norms(l1: 0, l2: 1))
        let probe = Probe(variables: [penalized]) { inputs, call in
            call.addActivityPenalty(inputs[0], .norms(l1: 1, l2: 0))
            return inputs
        }
        let builder = GraphBuilder()
        let graph = graph(builder, probe)
        run(graph, probe, [builder.constant(5, shape: [4, 2])])
        // 18 of the variable, and 40 of the output through four rows.
        #expect(try outfeed(builder, [("loss", graph.penalized(builder.constant(1)))]) == [[[29]]])
    }

    /// Keras 2 counts the penalties of frozen variables, Keras 3 does not.
    @Test(arguments: [(KerasVersion.keras2, 2.0), (.keras3, 1)])
    func frozenPenalties(_ version: KerasVersion, _ loss: Double) throws {
        let probe = Probe(
            common: Probe.part("probe", isTrainable: false),
            variables: [LayerVariable("w", shape: [], initializer: .ones, regularizer: .norms(l1: 1, l2: 0))])
        let builder = GraphBuilder()
        let graph = graph(builder, probe, version: version)
        #expect(try outfeed(builder, [("loss", graph.penalized(builder.constant(1)))]) == [[[loss]]])
    }

    @Test func constraintsActOnWhatIsStored() throws {
        let probe = Probe(
            variables: [LayerVariable("w", shape: [], initializer: .ones, constraint: .nonNegative)])
        let builder = GraphBuilder()
        _ = graph(builder, probe)
        let w = try #require(builder.variable(named: "probe/w"))
        w.assignSubtract(builder.constant(5))
        #expect(try outfeed(builder, [("w", w.value)], steps: 2) == [[[1]], [[0]]])
    }

    @Test(arguments: [KerasVersion.keras2, .keras3]) func masksGoAsTheLayerSays(version: KerasVersion) {
        let builder = GraphBuilder()
        let x = builder.constant(1, shape: [2, 3])
        let mask = x .> 0
        func masks(_ masking: Masking, _ given: [Tensor?]) -> [Tensor?] {
            let probe = Probe(masking: masking)
            return run(graph(builder, probe, version: version), probe, [x, x], masks: given).masks
        }
        #expect(masks(.drops, [mask, mask]).allSatisfy { $0 == nil })
        #expect(masks(.passes, [mask]).allSatisfy { $0?.id == mask.id })
        #expect(masks(.passes, [nil, mask]).allSatisfy { $0 == nil })
        // An input without a mask doesn't count in Keras 2, and has all its steps in Keras 3.
        #expect(masks(.joins, [nil, mask]).allSatisfy { $0?.id == (version == .keras2 ? mask.id : nil) })
        #expect(masks(.joins, [mask, mask]).allSatisfy { $0 != nil && $0?.id != mask.id })
        #expect(masks(.joins, []).allSatisfy { $0 == nil })
        #expect(masks(.makes, []).allSatisfy { $0?.dtype == .bool })
    }

    @Test func aWrappedLayerHasItsPlaceAndItsFreedom() throws {
        let inner = Probe(
            common: Probe.part("inner", isTrainable: false),
            variables: [LayerVariable("w", shape: [], initializer: .constant(3))]
        ) { inputs, call in inputs.map { $0 * call["w"] + (call.isTrainable ? 100 : 0) } }
        let outer = Probe(
            variables: inner.plan([[]], .tensors()).variables.map { $0.inside("forward", isTrainable: false) }
        ) { inputs, call in call.run(inner, at: "forward", inputs).outputs }
        let builder = GraphBuilder()
        let y = run(graph(builder, outer), outer, [builder.constant(2)]).outputs[0]
        #expect(builder.variables.map(\.name) == ["probe/forward/w"])
        #expect(builder.trainableVariables.isEmpty)
        #expect(try outfeed(builder, [("y", y)]) == [[[6]]])
    }
}
