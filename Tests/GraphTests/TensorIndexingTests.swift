import Graph
import Testing

struct TensorIndexingTests {
    private static func tensor(_ dtype: DType, _ dimensions: Int...) -> Tensor {
        GraphBuilder().infeed(TensorType(dtype, Shape(dimensions)))
    }

    @Test func gathersRowsInTheShapeOfTheIndices() {
        let table = Self.tensor(.float32, 5, 2)
        #expect(table.gather(table.builder.iota(shape: [3, 4])).shape == [3, 4, 2])
        #expect(table.scatterAdd(table.builder.iota(shape: [5]), rows: 9).shape == [9, 2])
        #expect(table.builder.error == nil)
    }

    @Test func reversesAxesFromEitherEnd() {
        let x = Self.tensor(.float32, 5, 2)
        #expect(x.reversed(axes: []).id == x.id)
        let both = x.reversed(axes: [-1, 0])
        #expect(both.id.map { x.builder.program[$0].op } == .reverse(axes: [0, 1]))
        _ = x.reversed(axes: [2])
        #expect(x.builder.error?.code == .invalidAxis)
    }

    /// An exclusive sum begins with 0 and never meets the last element: infinity there does not spoil it.
    @Test func exclusiveSumsLeaveTheElementOut() {
        let x = Self.tensor(.float32, 2, 3)
        #expect(x.cumulativeSum(axis: -1, isExclusive: true).shape == [2, 3])
        #expect(x.builder.program.nodes.last?.op == .cumulativeSum(axis: 1, isReversed: false))
        #expect(x.builder.program.nodes.map(\.op.kind).suffix(3) == [.pad, .slice, .cumulativeSum])
    }
}
