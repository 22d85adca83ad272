import Graph
import Testing

struct TensorShapeTests {
    private let builder = GraphBuilder()

    private func infeed(_ dimensions: Int..., dtype: DType = .float32) -> Tensor {
        builder.infeed(TensorType(dtype, Shape(dimensions)))
    }

    @Test func whatIsSoAlreadyAddsNothing() {
        let x = infeed(2, 3)
        #expect(x.cast(to: .float32).id == x.id)
        #expect(x.reshape(to: [2, 3]).id == x.id)
        #expect(x.reshape(to: [2, -1]).id == x.id)
        #expect(x.flattened().id == x.id)
        #expect(x.stopGradient().id != x.id, "a stop is a node of its own")
    }

    @Test func aFreeExtentFollowsFromTheOthers() {
        #expect(infeed(4, 6).reshape(to: [-1]).shape == [24])
        #expect(infeed(4, 6).reshape(to: [2, -1, 3]).shape == [2, 4, 3])
        #expect(infeed().reshape(to: [-1]).shape == [1])
        #expect(infeed(0, 6).reshape(to: [-1, 3]).shape == [0, 3])
        #expect(builder.error == nil)
    }

    /// No extent, several, or any: none of them is chosen.
    @Test(arguments: [
        ([5, -1], "[5,1] with axis 1 free"), ([-1, -1], "[1,-1] with axis 0 free"),
        ([-1, 0], "[1,0] with axis 0 free"),
        ([-1, -2], "[1,-2] with axis 0 free"), ([.max, -1], "[\(Int.max),1] with axis 1 free"),
    ])
    func aFreeExtentThatDoesNotFollow(dimensions: [Int], rest: String) {
        let x = infeed(2, 3)
        #expect(x.reshape(to: dimensions).id == nil)
        #expect(builder.error == GraphError(.shapeMismatch, "float32[2,3] doesn't fit \(rest)", op: "reshape"))
    }

    @Test func flatteningKeepsTheFirstAxis() {
        #expect(infeed(4, 2, 3).flattened().shape == [4, 6])
        #expect(infeed(4).flattened().shape == [4, 1])
        #expect(infeed().flattened().shape == [1, 1])
        #expect(infeed(0, 2).flattened().shape == [0, 2])
        #expect(infeed(4, 0, 3).flattened().shape == [4, 0])
        #expect(builder.error == nil)
    }

    @Test(arguments: [(0, [1, 2, 3]), (2, [2, 3, 1]), (-1, [2, 3, 1]), (-3, [1, 2, 3])])
    func aNewAxis(place: Int, dimensions: [Int]) {
        let x = infeed(2, 3)
        let expanded = x.expandDimensions(at: place)
        #expect(expanded.shape == Shape(dimensions))
        #expect(expanded.squeeze(at: place).shape == x.shape, "which is taken away at the same place")
        #expect(builder.error == nil)
    }

    @Test func newAxesBehindTheLast() {
        #expect(infeed(2, 3).expandDimensions(at: 3).id == nil)
        #expect(builder.error == GraphError(.invalidAxis, "float32[2,3] has no axis 3", op: "expandDimensions"))
    }

    @Test func onlyAnAxisOfOneIsTakenAway() {
        #expect(infeed(2, 1).squeeze(at: 0).id == nil)
        #expect(builder.error == GraphError(.shapeMismatch, "axis 0 of float32[2,1] is not 1", op: "squeeze"))
        let other = GraphBuilder()
        _ = other.infeed(TensorType(.float32, [1])).squeeze(at: 1)
        #expect(other.error == GraphError(.invalidAxis, "float32[1] has no axis 1", op: "squeeze"))
    }

    @Test func axesAreReversedByDefault() {
        #expect(infeed(2, 3, 4).transposed().shape == [4, 3, 2])
        #expect(infeed(2, 3, 4).transposed([1, 2, 0]).shape == [3, 4, 2])
        #expect(infeed().transposed().shape == .scalar)
        #expect(builder.error == nil)
    }

    @Test func partsOfAnAxis() {
        let x = infeed(5, 4)
        #expect(x.slice(1..<3, axis: -1).shape == [5, 2])
        #expect(x.slice(5..<5, axis: 0).shape == [0, 4])
        #expect(x.slice(from: [0, 1], to: [5, 4], by: [2, 3]).shape == [3, 1])
        #expect(x.slice(from: [0, 0], to: [5, 4], by: [.max, 1]).shape == [1, 4])
        #expect(builder.error == nil)
        #expect(x.slice(3..<6, axis: 0).id == nil)
        #expect(builder.error?.detail == "[3, 0] ..< [6, 4] by [1, 1] is not a part of float32[5,4]")
        let other = GraphBuilder()
        #expect(other.infeed(x.type).slice(0..<1, axis: 2).id == nil)
        #expect(other.error == GraphError(.invalidAxis, "float32[5,4] has no axis 2", op: "slice"))
    }

    @Test func paddingAddsOnBothSides() {
        #expect(infeed(2, 3).padded(low: [1, 0], high: [0, 4], value: 7).shape == [3, 7])
        #expect(builder.program.nodes.contains { $0.op == .constant(.splat(7, .scalar(.float32))) })
        #expect(infeed(0).padded(low: [1], high: [1]).shape == [2])
        #expect(builder.error == nil)
    }

    /// Labels are compared in their own type where all classes fit in it.
    @Test(arguments: [
        (DType.uint8, 256, DType.int64), (.uint8, 255, .uint8), (.int8, 128, .int64), (.int8, 127, .int8),
    ])
    func classesBeyondTheLabelsType(dtype: DType, depth: Int, compared: DType) {
        let hot = infeed(3, dtype: dtype).oneHot(depth: depth, dtype: .float64)
        #expect(hot.type == TensorType(.float64, [3, depth]))
        let iota = builder.program.nodes.first { $0.op.kind == .iota }
        #expect(iota?.type == TensorType(compared, [3, depth]))
        #expect(builder.error == nil)
    }

    @Test func noClassesAndFewerThanNone() {
        #expect(infeed(3, dtype: .int64).oneHot(depth: 0).shape == [3, 0])
        #expect(builder.error == nil)
        _ = infeed(3, dtype: .int64).oneHot(depth: -1)
        #expect(builder.error?.description == "shapeMismatch at iota 'Iota': int64[3,-1] is not a possible shape")
    }

    @Test func oneBehindTheOther() {
        #expect(builder.concatenate([infeed(2, 3), infeed(2, 1)], axis: -1).shape == [2, 4])
        #expect(builder.stack([infeed(2, 3), infeed(2, 3)], axis: -1).shape == [2, 3, 2])
        #expect(builder.stack([infeed(), infeed(), infeed()]).shape == [3])
        #expect(builder.error == nil)
    }

    @Test func refusals() {
        typealias Case = (GraphError.Code, String, String, (GraphBuilder, Tensor) -> Tensor)
        let cases: [Case] = [
            (.wrongOperandCount, "takes at least one operand", "concatenate", { b, _ in b.concatenate([], axis: 0) }),
            (.wrongOperandCount, "takes at least one operand", "stack", { b, _ in b.stack([]) }),
            (.invalidAxis, "float32[2,3] has no axis 2", "concatenate", { b, x in b.concatenate([x, x], axis: 2) }),
            (.invalidAxis, "float32[2,3] has no axis -4", "stack", { b, x in b.stack([x, x], axis: -4) }),
        ]
        for (code, detail, op, make) in cases {
            let builder = GraphBuilder()
            #expect(make(builder, builder.infeed(TensorType(.float32, [2, 3]))).id == nil)
            #expect(builder.error == GraphError(code, detail, op: op))
        }
    }
}
