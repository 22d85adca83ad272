import Graph
import Testing
import TestSupport

/// The words of every refusal, and the edges of what is taken. That each kind of op takes and refuses something is
/// `TypeRulesTests`'.
struct TypeRulesRowsTests {
    private static let rules = TypeRules(infeed: [f(4, 2)], variables: [f(2, 3)])

    private static func f(_ dimensions: Int...) -> TensorType { TensorType(.float32, Shape(dimensions)) }
    private static func d(_ dimensions: Int...) -> TensorType { TensorType(.float64, Shape(dimensions)) }
    private static func i(_ dimensions: Int...) -> TensorType { TensorType(.int64, Shape(dimensions)) }
    private static func b(_ dimensions: Int...) -> TensorType { TensorType(.bool, Shape(dimensions)) }

    private static let refused: [(Op, [TensorType], String)] = [
        (.infeed(index: 1), [], "infeed element 1 is not one of the 1"),
        (.readVariable(index: -1), [], "variable -1 is not one of the 1"),
        (.assign(variable: 1), [f(2, 3)], "variable 1 is not one of the 1"),
        (.assign(variable: 0), [d(2, 3)], "float64[2,3] and float32[2,3] differ in their elements"),
        (.assign(variable: 0), [f(3, 2)], "float32[3,2] and float32[2,3] differ in shape"),
        (.constant(.splat(1, f())), [f(), f()], "takes 0 operands, not 2"),
        (.iota(type: f(2), axis: -1), [], "float32[2] has no such axes: [-1]"),
        (.iota(type: f(), axis: 0), [], "float32[] has no such axes: [0]"),
        (.iota(type: b(2), axis: 0), [], "takes numbers, not bool[2]"),
        (.iota(type: f(-2), axis: 0), [], "float32[-2] is not a possible shape"),
        (.randomUniform(type: f(2), seed: 0), [i(1)], "its counter is int64[], not int64[1]"),
        (.randomUniform(type: i(2), seed: 0), [i()], "takes floating elements, not int64[2]"),
        (.randomUniform(type: f(1 << 40), seed: 0), [i()], "float32[\(1 << 40)] is not a possible shape"),
        (.unary(.relu), [b(1)], "takes numbers, not bool[1]"),
        (.unary(.floor), [i(1)], "takes floating elements, not int64[1]"),
        (.unary(.isFinite), [i(1)], "takes floating elements, not int64[1]"),
        (.unary(.not), [i(1)], "takes bool, not int64[1]"),
        (.binary(.add), [b(1), b(1)], "takes numbers, not bool[1]"),
        (.binary(.add), [f(1), d(1)], "float32[1] and float64[1] differ in their elements"),
        (.compare(.equal), [b(1), b(2)], "bool[1] and bool[2] differ in shape"),
        (.logical(.or), [b(1), i(1)], "bool[1] and int64[1] differ in their elements"),
        (.select, [f(1), f(1), f(1)], "takes bool, not float32[1]"),
        (.select, [b(), f(1), f(1)], "condition bool[] and values float32[1] differ in shape"),
        (.select, [b(1), f(1), f(2)], "float32[1] and float32[2] differ in shape"),
        (.reshape([4]), [f(2, 3)], "float32[2,3] has 6 elements, which don't fit [4]"),
        (.reshape([-2, -3]), [f(2, 3)], "float32[2,3] has 6 elements, which don't fit [-2,-3]"),
        (.broadcast(shape: [-1], dimensions: []), [f()], "[-1] is not a possible shape"),
        (.broadcast(shape: [2], dimensions: []), [f(2)], "axes [] don't map float32[2] into [2]"),
        (.broadcast(shape: [2], dimensions: [1]), [f(2)], "axes [1] don't map float32[2] into [2]"),
        (.broadcast(shape: [2, 2], dimensions: [0, 0]), [f(2, 2)], "axes [0, 0] don't map float32[2,2] into [2,2]"),
        (.broadcast(shape: [6], dimensions: [0]), [f(3)], "float32[3] doesn't stretch to [6]"),
        (.broadcast(shape: [1], dimensions: [0]), [f(0)], "float32[0] doesn't stretch to [1]"),
        (.transpose(permutation: [0]), [f(2, 3)], "[0] is not a permutation of the axes of float32[2,3]"),
        (.transpose(permutation: [1, 2]), [f(2, 3)], "[1, 2] is not a permutation of the axes of float32[2,3]"),
        (
            .slice(starts: [-1], limits: [2], strides: [1]), [f(4)],
            "[-1] ..< [2] by [1] is not a part of float32[4]"
        ),
        (
            .slice(starts: [], limits: [2], strides: [1]), [f(4)],
            "[] ..< [2] by [1] is not a part of float32[4]"
        ),
        (
            .slice(starts: [0], limits: [4], strides: [-1]), [f(4)],
            "[0] ..< [4] by [-1] is not a part of float32[4]"
        ),
        (.pad(low: [0], high: [0], interior: [0]), [f(3), d()], "float32[3] is not filled with float64[]"),
        (.pad(low: [0], high: [-1], interior: [0]), [f(3), f()], "[0], [-1], [0] don't pad float32[3]"),
        (.pad(low: [0], high: [0], interior: []), [f(3), f()], "[0], [0], [] don't pad float32[3]"),
        (
            .pad(low: [(1 << 31) + 1], high: [0], interior: [0]), [f(3), f()],
            "[\((1 << 31) + 1)], [0], [0] don't pad float32[3]"
        ),
        (
            .pad(low: [0], high: [0], interior: [1 << 31]), [f(1 << 31), f()],
            "float32[\(1 << 31 + (1 << 31) * ((1 << 31) - 1))] is not a possible shape"
        ),
        (.concatenate(axis: 0), [], "takes at least one operand"),
        (.concatenate(axis: 0), [f(), f()], "float32[] has no such axes: [0]"),
        (.concatenate(axis: 0), [f(1), d(1)], "float32[1] and float64[1] differ in their elements"),
        (.concatenate(axis: 0), [f(1), f(1, 1)], "float32[1] and float32[1,1] differ beside axis 0"),
        (.concatenate(axis: 1), [f(2, 1), f(3, 1)], "float32[2,1] and float32[3,1] differ beside axis 1"),
        (
            .dot(transposeLHS: false, transposeRHS: false), [i(2, 2), i(2, 2)],
            "takes floating elements, not int64[2,2]"
        ),
        (
            .dot(transposeLHS: false, transposeRHS: false), [f(2, 2), d(2, 2)],
            "float32[2,2] and float64[2,2] differ in their elements"
        ),
        (
            .dot(transposeLHS: false, transposeRHS: false), [f(2, 2), f(1, 2, 2)],
            "float32[2,2] and float32[1,2,2] are not matrices, or differ in their batch axes"
        ),
        (
            .dot(transposeLHS: true, transposeRHS: true), [f(5, 2), f(3, 4)],
            "the inner extents of float32[5,2] and float32[3,4] differ: 5 and 4"
        ),
        (.reduce(.sum, axes: [1, 0]), [f(2, 3)], "float32[2,3] has no such axes: [1, 0]"),
        (.reduce(.max, axes: [0]), [b(2)], "takes numbers, not bool[2]"),
        (.argMax(axis: 0), [b(2)], "takes numbers, not bool[2]"),
        (.argMax(axis: 1), [f(2, 0)], "float32[2,0] has nothing along axis 1"),
        (.softmax, [f()], "takes at least one axis, not float32[]"),
        (.logSoftmax, [i(2)], "takes floating elements, not int64[2]"),
        (
            .sparseSoftmaxCrossEntropy, [f(4, 3), i(4, 1)],
            "takes logits [n,c] and labels [n], not float32[4,3] and int64[4,1]"
        ),
        (.sparseSoftmaxCrossEntropy, [f(3), i()], "takes logits [n,c] and labels [n], not float32[3] and int64[]"),
        (.sparseSoftmaxCrossEntropy, [f(4, 3), b(4)], "takes integers, not bool[4]"),
        (.sparseSoftmaxCrossEntropy, [f(4, 0), i(4)], "takes at least one class, and float32[4,0] has none"),
        (
            .sparseSoftmaxCrossEntropyGradient, [f(4, 3), i(4), d(4)],
            "float32[4] and float64[4] differ in their elements"
        ),
        (.crossReplicaSum, [b()], "takes numbers, not bool[]"),
    ]

    @Test func saysWhatItRefuses() {
        for (op, operands, detail) in Self.refused {
            let error = #expect(throws: GraphError.self, "\(op.name) \(operands)") {
                try Self.rules.result(op, operands)
            }
            #expect(error?.detail == detail)
        }
    }

    /// Nothing along an axis, one element, the largest there is.
    private static let edges: [(Op, [TensorType], TensorType)] = [
        (.reshape([0, 7]), [f(3, 0)], f(0, 7)),
        (.reshape([]), [f(1, 1)], f()),
        (.broadcast(shape: [0], dimensions: [0]), [f(1)], f(0)),
        (.broadcast(shape: [0], dimensions: [0]), [f(0)], f(0)),
        (.broadcast(shape: [2, 5], dimensions: []), [f()], f(2, 5)),
        (.transpose(permutation: []), [f()], f()),
        (.slice(starts: [4], limits: [4], strides: [1]), [f(4)], f(0)),
        (.slice(starts: [0], limits: [4], strides: [.max]), [f(4)], f(1)),
        (.slice(starts: [1], limits: [4], strides: [3]), [f(4)], f(1)),
        (.slice(starts: [0], limits: [4], strides: [3]), [f(4)], f(2)),
        (.slice(starts: [], limits: [], strides: []), [f()], f()),
        (.pad(low: [0], high: [0], interior: [9]), [f(0), f()], f(0)),
        (.pad(low: [2], high: [3], interior: [1 << 31]), [f(1), f()], f(6)),
        (.pad(low: [], high: [], interior: []), [f(), f()], f()),
        (.concatenate(axis: 0), [f(0, 2), f(3, 2), f(0, 2)], f(3, 2)),
        (.concatenate(axis: 1), [b(2, 1)], b(2, 1)),
        (.dot(transposeLHS: false, transposeRHS: false), [f(2, 0), f(0, 3)], f(2, 3)),
        (.dot(transposeLHS: true, transposeRHS: true), [d(5, 2), d(3, 5)], d(2, 3)),
        (.reduce(.max, axes: []), [f(2)], f(2)),
        (.reduce(.max, axes: [0]), [i(0)], i()),
        (.argMax(axis: 1), [f(0, 3)], i(0)),
        (.softmax, [d(0)], d(0)),
        (.compare(.less), [b(2), b(2)], b(2)),
        (.logical(.xor), [b(), b()], b()),
        (.convert(.bool), [f(0)], b(0)),
        (.unary(.abs), [TensorType(.uint8, [2])], TensorType(.uint8, [2])),
        (.sparseSoftmaxCrossEntropy, [d(0, 1), TensorType(.uint8, [0])], d(0)),
        (.iota(type: f(1 << 31), axis: 0), [], f(1 << 31)),
    ]

    @Test func takesEdges() throws {
        for (op, operands, result) in Self.edges {
            #expect(try Self.rules.result(op, operands) == result, "\(op.name) \(operands)")
        }
    }

    /// Counting what a slice or a pad leaves, element by element.
    @Test(arguments: [UInt64.random(in: .min ... .max), 1])
    func extentsAreWhatIsCounted(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let extent = random.below(9)
            let start = random.below(extent + 1)
            let limit = start + random.below(extent - start + 1)
            let stride = 1 + random.below(4)
            let taken = Array(Swift.stride(from: start, to: limit, by: stride))
            let slice = try Self.rules.result(
                .slice(starts: [start], limits: [limit], strides: [stride]), [Self.f(extent)])
            #expect(slice == Self.f(taken.count), "seed \(seed): \(start) ..< \(limit) by \(stride)")
            let (low, high, interior) = (random.below(3), random.below(3), random.below(3))
            let padded =
                low + high + (0..<extent).reduce(0) { count, place in count + (place == 0 ? 1 : 1 + interior) }
            let pad = try Self.rules.result(
                .pad(low: [low], high: [high], interior: [interior]), [Self.f(extent), Self.f()])
            #expect(pad == Self.f(padded), "seed \(seed): \(extent) with \(low), \(high), \(interior)")
        }
    }
}
