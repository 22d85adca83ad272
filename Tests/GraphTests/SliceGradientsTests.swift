import Graph
import Testing

/// Gradients of slices of one tensor: what they are made of. Their numbers are checked where programs run.
struct SliceGradientsTests {
    private let builder = GraphBuilder()

    /// The node of a gradient with respect to `x` of the sum of all slices, each times a factor of its own.
    private func gradient(_ x: Tensor, _ slices: [Tensor]) throws -> Node {
        let sums = slices.enumerated().map { ($1 * Double($0 + 2)).reduceSum() }
        let loss = sums.dropFirst().reduce(sums[0], +)
        let gradient = builder.gradients(of: loss, withRespectTo: [x])[0]
        return builder.program[try #require(gradient.id)]
    }

    private func operands(_ node: Node) -> [Node] { node.operands.map { builder.program[$0] } }

    @Test func stepsAreOneBehindTheOther() throws {
        let x = builder.infeed(TensorType(.float32, [4, 6, 2]))
        let node = try gradient(x, (0..<6).map { x.slice($0..<($0 + 1), axis: 1) })
        #expect(node.op == .concatenate(axis: 1))
        #expect(node.type.shape == [4, 6, 2])
        #expect(node.operands.count == 6)
        #expect(operands(node).allSatisfy { $0.type.shape == [4, 1, 2] })
        #expect(!builder.program.nodes.contains { $0.op.kind == .pad })
    }

    @Test func gapsAreZeros() throws {
        let x = builder.infeed(TensorType(.float32, [8, 2]))
        let node = try gradient(x, [x.slice(5..<7, axis: 0), x.slice(1..<2, axis: 0)])
        #expect(operands(node).map { $0.type.shape[0] } == [1, 1, 3, 2, 1])
    }

    @Test func oneAloneIsPadded() throws {
        let x = builder.infeed(TensorType(.float32, [8, 2]))
        #expect(
            try gradient(x, [x.slice(5..<7, axis: 0)]).op == .pad(low: [5, 0], high: [1, 0], interior: [0, 0]))
    }

    @Test func othersAreAdded() throws {
        let x = builder.infeed(TensorType(.float32, [4, 4]))
        // Two that overlap, one of the other axis, one of both axes, one with gaps, and the whole.
        let slices = [
            x.slice(0..<3, axis: 0), x.slice(2..<4, axis: 0), x.slice(1..<2, axis: 1),
            x.slice(from: [0, 0], to: [2, 2]), x.slice(from: [0, 0], to: [4, 4], by: [2, 1]), x * 2,
        ]
        #expect(try gradient(x, slices).op == .binary(.add))
        #expect(builder.program.nodes.count { $0.op.kind == .pad } == 5)
        #expect(!builder.program.nodes.contains { $0.op.kind == .concatenate })
        #expect(builder.error == nil)
    }

    @Test func aStopStopsSlices() throws {
        let x = builder.infeed(TensorType(.float32, [4]))
        let node = try gradient(x, [x.slice(0..<2, axis: 0).stopGradient(), x.slice(2..<4, axis: 0)])
        #expect(node.op == .pad(low: [2], high: [0], interior: [0]))
    }
}
