import Graph
import Testing

struct TensorSplittingTests {
    private let builder = GraphBuilder()

    private func infeed(_ dimensions: Int...) -> Tensor { builder.infeed(TensorType(.float32, Shape(dimensions))) }

    @Test func partsFollowEachOther() {
        let parts = infeed(2, 6).split(sizes: [1, 0, 5], axis: -1)
        #expect(parts.map(\.shape) == [[2, 1], [2, 0], [2, 5]])
        let starts = builder.program.nodes.compactMap { node -> Int? in
            if case .slice(let starts, _, _) = node.op { starts[1] } else { nil }
        }
        #expect(starts == [0, 1, 1])
        #expect(infeed(0).split(sizes: [], axis: 0).isEmpty, "of nothing there is no part")
        #expect(builder.error == nil)
    }

    @Test(arguments: [[1, 1], [7], [-1, 4], [], [.max, .max], [4, -1]])
    func partsThatDoNotAddUp(sizes: [Int]) {
        #expect(infeed(3, 2).split(sizes: sizes, axis: 0).map(\.id) == sizes.map { _ in nil })
        let detail = "\(sizes) don't add up to axis 0 of float32[3,2]"
        #expect(builder.error == GraphError(.invalidArgument, detail, op: "split"))
    }

    @Test func partsOfAnAxisThatIsNotThere() {
        #expect(infeed(3).split(sizes: [1, 2], axis: 1).map(\.id) == [nil, nil])
        #expect(builder.error == GraphError(.invalidAxis, "float32[3] has no axis 1", op: "split"))
    }

    @Test func copiesOfItself() {
        #expect(infeed(2, 3).tiled([3, 1]).shape == [6, 3])
        #expect(infeed(2, 3).tiled([0, 2]).shape == [0, 6])
        #expect(infeed().tiled([]).shape == .scalar)
        #expect(infeed(0, 3).tiled([5, 5]).shape == [0, 15])
        #expect(builder.error == nil)
    }

    @Test(arguments: [[1], [1, 1, 1], [-1, 1], [1, (1 << 31) + 1]])
    func multiplesThatAreNone(multiples: [Int]) {
        #expect(infeed(2, 3).tiled(multiples).id == nil)
        let detail = "\(multiples) has not one multiple for each axis of float32[2,3]"
        #expect(builder.error == GraphError(.invalidArgument, detail, op: "tile"))
    }

    @Test func copiesBeyondAllSizes() {
        #expect(infeed(1 << 20, 1 << 20).tiled([1 << 20, 1]).id == nil)
        #expect(builder.error?.code == .shapeMismatch)
    }

    @Test func aNormOverAllTensors() throws {
        let (x, y) = (infeed(2, 3), infeed(4))
        let norm = builder.globalNorm([x, y])
        #expect(norm.shape == .scalar)
        #expect(builder.program[try #require(norm.id)].op == .unary(.sqrt))
        let (clipped, same) = builder.clipByGlobalNorm([x, y], to: 2)
        #expect(clipped.map(\.shape) == [[2, 3], [4]])
        #expect(same.shape == .scalar)
        #expect(builder.error == nil)
    }

    @Test func aNormOfNothing() {
        #expect(builder.clipByGlobalNorm([], to: 1).clipped.isEmpty)
        #expect(builder.error == GraphError(.wrongOperandCount, "takes at least one tensor", op: "globalNorm"))
    }
}
