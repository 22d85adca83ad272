import Executor
import Graph
import Testing
import TestSupport

/// What moves elements, against formulas of indices; elements are their places, so that each is known again.
struct StridedCopyTests {
    private static func places(_ dtype: DType, _ shape: Shape, from first: Int = 0) -> Literal {
        let type = TensorType(dtype, shape)
        return Literal(type: type, integers: (0..<type.count).map { Int64(first + $0) })
    }

    private static func element(_ x: Literal, _ index: [Int]) -> Int64 {
        x.integers[zip(index, x.type.shape.strides).reduce(0) { $0 + $1.0 * $1.1 }]
    }

    /// One type of each size of element.
    private static let types: [DType] = [.uint8, .int16, .float32, .int64]

    private func check(
        _ executor: ExecutorUnderTest, _ x: [Literal], _ comment: Comment, _ make: ([Tensor]) -> Tensor,
        _ expected: ([Int]) -> Int64
    ) throws {
        for result in try OneStep.results(executor, x, { [make($0)] }) {
            let values = OneStep.indices(of: result[0].type.shape).map(expected)
            #expect(result[0].integers == values, comment)
        }
    }

    @Test(arguments: ExecutorUnderTest.all, types)
    func transposes(executor: ExecutorUnderTest, dtype: DType) throws {
        let x = Self.places(dtype, [2, 3, 4])
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            try check(executor, [x], "\(dtype), \(order)", { $0[0].transposed(order) }) { index in
                var source = [0, 0, 0]
                for (axis, place) in order.enumerated() { source[place] = index[axis] }
                return Self.element(x, source)
            }
        }
    }

    @Test(arguments: ExecutorUnderTest.all, types)
    func slices(executor: ExecutorUnderTest, dtype: DType) throws {
        let x = Self.places(dtype, [5, 4])
        let cases = [
            ([0, 0], [5, 4], [1, 1]), ([1, 0], [5, 4], [2, 1]), ([0, 1], [5, 4], [1, 2]), ([4, 3], [5, 4], [9, 9]),
            ([2, 1], [2, 3], [1, 1]), ([0, 0], [5, 4], [3, 3]), ([1, 2], [4, 4], [.max, .max / 2]),
        ]
        for (starts, limits, steps) in cases {
            try check(
                executor, [x], "\(dtype), \(starts) ..< \(limits) by \(steps)",
                { $0[0].slice(from: starts, to: limits, by: steps) }
            ) { index in Self.element(x, index.indices.map { starts[$0] + index[$0] * steps[$0] }) }
        }
    }

    @Test(arguments: ExecutorUnderTest.all, types)
    func broadcasts(executor: ExecutorUnderTest, dtype: DType) throws {
        let cases: [(Shape, Shape, [Int])] = [
            ([], [2, 3], []), ([3], [2, 3], [1]), ([2], [2, 3], [0]), ([2, 1], [2, 3], [0, 1]),
            ([1, 3], [4, 3], [0, 1]),
            ([2, 3], [2, 4, 3], [0, 2]), ([1], [0, 2], [1]), ([2, 1], [3, 2, 1, 2], [1, 2]),
        ]
        for (shape, target, axes) in cases {
            let x = Self.places(dtype, shape)
            try check(
                executor, [x], "\(dtype), \(shape) to \(target)",
                { $0[0].builder.add(.broadcast(shape: target, dimensions: axes), $0) }
            ) { index in
                Self.element(x, axes.enumerated().map { shape[$0.offset] == 1 ? 0 : index[$0.element] })
            }
        }
    }

    @Test(arguments: ExecutorUnderTest.all, types)
    func pads(executor: ExecutorUnderTest, dtype: DType) throws {
        let cases: [(Shape, [Int], [Int], [Int])] = [
            ([2, 3], [0, 0], [0, 0], [0, 0]), ([2, 3], [1, 0], [0, 2], [1, 2]), ([2, 3], [0, 1], [0, 1], [0, 0]),
            ([3], [0], [0], [2]), ([0, 2], [1, 0], [1, 0], [5, 0]), ([], [], [], []),
            ([1, 1], [1, 1], [0, 0], [1 << 31, 1 << 31]),
        ]
        for (shape, low, high, interior) in cases {
            let (x, fill) = (Self.places(dtype, shape), Literal(type: .scalar(dtype), integers: [99]))
            try check(
                executor, [x, fill], "\(dtype), \(shape), \(low), \(high), \(interior)",
                { $0[0].builder.add(.pad(low: low, high: high, interior: interior), $0) }
            ) { index in
                let offsets = index.indices.map { index[$0] - low[$0] }
                let isElement = offsets.indices.allSatisfy { axis in
                    let (place, rest) = offsets[axis].quotientAndRemainder(dividingBy: interior[axis] + 1)
                    return offsets[axis] >= 0 && rest == 0 && place < shape[axis]
                }
                return isElement ? Self.element(x, offsets.indices.map { offsets[$0] / (interior[$0] + 1) }) : 99
            }
        }
    }

    @Test(arguments: ExecutorUnderTest.all, types)
    func concatenations(executor: ExecutorUnderTest, dtype: DType) throws {
        for axis in 0..<3 {
            var shapes: [[Int]] = [[2, 3, 2], [2, 3, 2], [2, 3, 2]]
            (shapes[0][axis], shapes[1][axis], shapes[2][axis]) = (1, 0, 3)
            let x = [
                Self.places(dtype, Shape(shapes[0])), Self.places(dtype, Shape(shapes[1])),
                Self.places(dtype, Shape(shapes[2]), from: 50),
            ]
            try check(executor, x, "\(dtype), axis \(axis)", { $0[0].builder.concatenate($0, axis: axis) }) { index in
                var source = index
                source[axis] -= index[axis] < 1 ? 0 : 1
                return Self.element(x[index[axis] < 1 ? 0 : 2], source)
            }
        }
    }

    /// A slice in two directions and back: what a pad of the slice's gradient puts where it came from.
    @Test(arguments: ExecutorUnderTest.all, [UInt64.random(in: .min ... .max), 4])
    func aPadUndoesASlice(executor: ExecutorUnderTest, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<5 {
            let extents = [1 + random.below(6), 1 + random.below(6)]
            let starts = extents.map { random.below($0) }
            let steps = extents.map { _ in 1 + random.below(3) }
            let x = Literal(
                type: TensorType(.float32, Shape(extents)),
                doubles: (0..<(extents[0] * extents[1])).map { Double($0 + 1) })
            let results = try OneStep.results(executor, [x]) { x in
                let part = x[0].slice(from: starts, to: extents, by: steps)
                let back = x[0].builder.gradients(of: part, withRespectTo: x, upstream: part)[0]
                return [part, back.slice(from: starts, to: extents, by: steps), back]
            }
            for result in results {
                #expect(result[0] == result[1], "seed \(seed)")
                #expect(result[2].type == x.type)
                let (kept, all) = (result[0].doubles.reduce(0, +), result[2].doubles.reduce(0, +))
                #expect(kept == all, "seed \(seed): and nothing elsewhere")
            }
        }
    }
}
