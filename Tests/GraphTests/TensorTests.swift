import Graph
import Testing

struct TensorTests {
    private let builder = GraphBuilder()

    private func nodes(behind count: Int) -> [Op] { builder.program.nodes[count...].map(\.op) }

    private func infeed(_ dimensions: Int..., dtype: DType = .float32) -> Tensor {
        builder.infeed(TensorType(dtype, Shape(dimensions)))
    }

    @Test func equalShapesMeetWithoutABroadcast() {
        let (a, b) = (infeed(2, 3), infeed(2, 3))
        _ = a + b
        #expect(nodes(behind: 2) == [.binary(.add)])
    }

    @Test func onlyTheSideThatIsSmallerStretches() {
        let (a, b) = (infeed(2, 3), infeed(3))
        _ = a - b
        #expect(nodes(behind: 2) == [.broadcast(shape: [2, 3], dimensions: [1]), .binary(.subtract)])
    }

    @Test func bothStretchWhereEachIsSmaller() {
        let (a, b) = (infeed(2, 1), infeed(1, 3))
        #expect((a * b).shape == [2, 3])
        #expect(
            nodes(behind: 2) == [
                .broadcast(shape: [2, 3], dimensions: [0, 1]), .broadcast(shape: [2, 3], dimensions: [0, 1]),
                .binary(.multiply),
            ])
    }

    @Test func emptyAxesStretchTo() {
        #expect((infeed(1, 4) + infeed(0, 4)).shape == [0, 4])
        #expect(builder.error == nil)
    }

    @Test func broadcastToItsOwnShapeIsNothing() {
        let x = infeed(2, 3)
        #expect(x.broadcast(to: [2, 3]).id == x.id)
        let scalar = infeed()
        #expect(scalar.broadcast(to: []).id == scalar.id)
        #expect(scalar.broadcast(to: [4, 0]).shape == [4, 0])
    }

    @Test(arguments: [
        (Shape([3]), "float32[2,3] doesn't stretch to [3]"), (Shape([2, 4]), "float32[2,3] doesn't stretch to [2,4]"),
        (Shape([2, 1]), "float32[2,3] doesn't stretch to [2,1]"),
        (Shape([]), "float32[2,3] doesn't stretch to []"),
    ])
    func doesNotShrink(shape: Shape, detail: String) {
        let wrong = infeed(2, 3).broadcast(to: shape)
        #expect(wrong.id == nil)
        // Whoever goes on does so with the shape that was asked for.
        #expect(wrong.shape == shape)
        #expect(builder.error == GraphError(.shapeMismatch, detail, op: "broadcast"))
    }

    @Test func shapesThatDisagreeAreNamed() {
        #expect((infeed(2, 3) + infeed(2)).id == nil)
        #expect(builder.error == GraphError(.shapeMismatch, "float32[2,3] and float32[2] don't broadcast", op: "add"))
    }

    @Test(arguments: [-3, 2, .max, .min])
    func axesThatAreNotThere(axis: Int) {
        #expect(infeed(2, 3).argMax(axis: axis).id == nil)
        #expect(builder.error == GraphError(.invalidAxis, "float32[2,3] has no axis \(axis)", op: "argMax"))
    }

    @Test func axesCountFromBothEnds() {
        let x = infeed(2, 3)
        #expect([0, -2].map { x.argMax(axis: $0).shape } == [[3], [3]])
        #expect([1, -1].map { x.argMax(axis: $0).shape } == [[2], [2]])
        #expect(builder.error == nil)
    }

    @Test func numbersBecomeTheTensorsType() throws {
        let x = infeed(2, dtype: .uint8)
        _ = x + 300
        let constant = try #require(builder.program.nodes.first { $0.op.kind == .constant })
        #expect(constant.op == .constant(Literal(type: .scalar(.uint8), bytes: [255])))
    }
}
