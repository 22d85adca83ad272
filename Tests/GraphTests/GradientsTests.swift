import Graph
import Testing

/// Which nodes gradients are made of: what flows where, and what is refused. What the rules compute is checked where
/// programs run.
struct GradientsTests {
    private let builder = GraphBuilder()

    private func node(_ tensor: Tensor) throws -> Node { builder.program[try #require(tensor.id)] }

    /// The number that a tensor is a constant of; nil for what is computed.
    private func splat(_ tensor: Tensor) throws -> Double? {
        var node = try node(tensor)
        if case .broadcast = node.op { node = builder.program[node.operands[0]] }
        guard case .constant(let literal) = node.op else { return nil }
        return literal.splat
    }

    @Test func theLossItselfHasOnes() throws {
        let x = builder.infeed(TensorType(.float64, [2, 3]))
        let gradient = builder.gradients(of: x, withRespectTo: [x])[0]
        #expect(gradient.type == x.type)
        #expect(try splat(gradient) == 1)
    }

    @Test func anUpstreamTakesThePlaceOfOnes() throws {
        let x = builder.infeed(TensorType(.float32, [2]))
        let weights = builder.infeed(TensorType(.float32, [2]))
        #expect(builder.gradients(of: x, withRespectTo: [x], upstream: weights)[0].id == weights.id)
        let negative = builder.gradients(of: -x, withRespectTo: [x], upstream: weights)[0]
        #expect(try node(negative).op == .unary(.negate))
        #expect(try node(negative).operands == [#require(weights.id)])
    }

    /// Not used, later than the loss, behind whole numbers, behind a stop: zeros of the target's type.
    @Test func whatNothingFlowsToGetsZeros() throws {
        let x = builder.infeed(TensorType(.float32, [2]))
        let unused = builder.infeed(TensorType(.float64, [3]))
        let loss = x.cast(to: .int32).cast(to: .float32) + x.stopGradient() + x.sign()
        let later = x.exp()
        let whole = x.argMax()
        let targets = [x, unused, later, whole]
        let gradients = builder.gradients(of: loss, withRespectTo: targets)
        #expect(gradients.map(\.type) == targets.map(\.type))
        #expect(try gradients.map(splat) == [0, 0, 0, 0])
        #expect(builder.error == nil)
    }

    @Test func aStoppedTensorIsATargetItself() throws {
        let x = builder.infeed(TensorType(.float32, [2]))
        let stopped = x.stopGradient()
        let gradients = builder.gradients(of: stopped * 3, withRespectTo: [x, stopped])
        #expect(try splat(gradients[0]) == 0)
        #expect(try splat(gradients[1]) == nil)
    }

    @Test func contributionsOfAllUsesAreAdded() throws {
        let x = builder.infeed(TensorType(.float32, [2]))
        let gradient = builder.gradients(of: x + -x, withRespectTo: [x])[0]
        let sum = try node(gradient)
        #expect(sum.op == .binary(.add))
        #expect(Set(sum.operands.map { builder.program[$0].op.kind }) == [.unary, .broadcast])
    }

    /// What leads to no target costs nothing: the other summand's function is not asked for its gradient.
    @Test func onlyWhatLeadsToATargetIsFollowed() throws {
        let x = builder.infeed(TensorType(.float32, [2]))
        let other = builder.infeed(TensorType(.float32, [2]))
        let loss = x + other.exp()
        let before = builder.program.nodes.count
        _ = builder.gradients(of: loss, withRespectTo: [x])
        #expect(builder.program.nodes[before...].map(\.op.kind) == [.constant, .broadcast])
    }

    @Test func nodesAreNamedBelowAScopeOfTheirOwn() throws {
        let x = builder.infeed(TensorType(.float32, .scalar))
        let first = builder.gradients(of: x.exp(), withRespectTo: [x])[0]
        let second = builder.withScope("again") { builder.gradients(of: x.exp(), withRespectTo: [x])[0] }
        #expect(try node(first).name == "gradients/Mul")
        #expect(try node(second).name == "again/gradients/Mul")
    }

    @Test func aVariableStandsForItsValueAtTheStart() throws {
        let variable = builder.variable("v", shape: [2])
        let loss = (variable.assign(variable.value * 2) + variable.value).reduceSum()
        let byVariable = builder.gradients(of: loss, withRespectTo: [variable])[0]
        #expect(byVariable.type == variable.type)
        #expect(try node(byVariable).op == .binary(.add), "through the assignment and beside it")
    }

    @Test func refusals() throws {
        typealias Case = (GraphError.Code, String, (GraphBuilder, Tensor, Tensor) -> [Tensor])
        let cases: [Case] = [
            (
                .typeMismatch, "int64[2] has no gradient",
                { builder, x, _ in builder.gradients(of: x.argMax(axis: 1), withRespectTo: [x]) }
            ),
            (
                .foreignTensor, "the loss belongs to another builder",
                { builder, x, foreign in builder.gradients(of: foreign, withRespectTo: [x]) }
            ),
            (
                .foreignTensor, "a target belongs to another builder",
                { builder, x, foreign in builder.gradients(of: x, withRespectTo: [x, foreign]) }
            ),
            (
                .foreignTensor, "the upstream belongs to another builder",
                { builder, x, foreign in builder.gradients(of: x, withRespectTo: [x], upstream: foreign) }
            ),
            (
                .shapeMismatch, "the upstream is float32[]; expected the loss's type, float32[2,3]",
                { builder, x, _ in builder.gradients(of: x, withRespectTo: [x], upstream: builder.constant(1)) }
            ),
            (
                .typeMismatch, "the upstream is float64[2,3]; expected the loss's type, float32[2,3]",
                { builder, x, _ in builder.gradients(of: x, withRespectTo: [x], upstream: x.cast(to: .float64)) }
            ),
        ]
        for (code, detail, make) in cases {
            let (builder, other) = (GraphBuilder(), GraphBuilder())
            let x = builder.infeed(TensorType(.float32, [2, 3]))
            // So many nodes that the place of the last one is not a place of the first builder.
            let foreign = (0..<9).reduce(other.infeed(x.type)) { tensor, _ in tensor.exp() }
            let gradients = make(builder, x, foreign)
            #expect(builder.error == GraphError(code, detail, op: "gradients"))
            #expect(gradients.allSatisfy { $0.id == nil && $0.builder === builder }, "\(detail)")
            #expect(gradients.allSatisfy { $0.type == x.type }, "\(detail)")
        }
    }

    @Test func behindAFaultNothingIsAdded() {
        let x = builder.infeed(TensorType(.float32, [2, 3]))
        let wrong = x.matmul(x)
        let count = builder.program.nodes.count
        #expect(builder.gradients(of: wrong, withRespectTo: [x]).map(\.id) == [nil])
        #expect(builder.gradients(of: x, withRespectTo: [x, wrong]).map(\.type) == [x.type, wrong.type])
        #expect(builder.gradients(of: x, withRespectTo: [Tensor]()).isEmpty)
        #expect(builder.program.nodes.count <= count + 2, "at most the ones of a loss without targets")
    }
}
