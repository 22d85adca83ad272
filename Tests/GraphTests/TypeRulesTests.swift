import Graph
import Testing

struct TypeRulesTests {
    private static let rules = TypeRules(
        infeed: [f(4, 2)], variables: [f(2, 3), TensorType(.int64, .scalar)])

    private static func f(_ dimensions: Int...) -> TensorType { TensorType(.float32, Shape(dimensions)) }
    private static func i(_ dimensions: Int...) -> TensorType { TensorType(.int64, Shape(dimensions)) }
    private static func b(_ dimensions: Int...) -> TensorType { TensorType(.bool, Shape(dimensions)) }

    /// What each op accepts.
    private static let accepted: [(Op, [TensorType], TensorType)] = [
        (.infeed(index: 0), [], f(4, 2)),
        (.constant(.splat(1, f(2))), [], f(2)),
        (.readVariable(index: 1), [], i()),
        (.iota(type: i(2, 3), axis: 1), [], i(2, 3)),
        (.randomUniform(type: f(5), seed: 1), [i()], f(5)),
        (.unary(.exp), [f(2)], f(2)),
        (.unary(.negate), [i(2)], i(2)),
        (.unary(.isFinite), [f(2)], b(2)),
        (.unary(.not), [b(2)], b(2)),
        (.binary(.add), [i(2), i(2)], i(2)),
        (.compare(.less), [f(2), f(2)], b(2)),
        (.logical(.and), [b(2), b(2)], b(2)),
        (.select, [b(2), f(2), f(2)], f(2)),
        (.convert(.int8), [f(2)], TensorType(.int8, [2])),
        (.reshape([6]), [f(2, 3)], f(6)),
        (.broadcast(shape: [4, 3, 2], dimensions: [0, 2]), [f(1, 2)], f(4, 3, 2)),
        (.transpose(permutation: [2, 0, 1]), [f(2, 3, 4)], f(4, 2, 3)),
        (.slice(starts: [1, 0], limits: [4, 3], strides: [2, 1]), [f(4, 3)], f(2, 3)),
        (.pad(low: [1], high: [2], interior: [1]), [f(3), f()], f(8)),
        (.concatenate(axis: 1), [f(2, 1), f(2, 3)], f(2, 4)),
        (.dot(transposeLHS: true, transposeRHS: false), [f(5, 2), f(5, 3)], f(2, 3)),
        (.dot(transposeLHS: false, transposeRHS: true), [f(7, 2, 5), f(7, 3, 5)], f(7, 2, 3)),
        (.reduce(.sum, axes: [0, 2]), [f(2, 3, 4)], f(3)),
        (.argMax(axis: 0), [f(2, 3)], i(3)),
        (.softmax, [f(2, 3)], f(2, 3)),
        (.logSoftmax, [f(3)], f(3)),
        (.sparseSoftmaxCrossEntropy, [f(4, 3), i(4)], f(4)),
        (.sparseSoftmaxCrossEntropyGradient, [f(4, 3), i(4), f(4)], f(4, 3)),
        (.gather, [f(5, 2), i(3, 4)], f(3, 4, 2)),
        (.gather, [i(5), i()], i()),
        (.scatterAdd(rows: 7), [i(3, 4), f(3, 4, 2)], f(7, 2)),
        (.scatterAdd(rows: 0), [i(3), i(3)], i(0)),
        (.reverse(axes: [0, 1]), [b(2, 3)], b(2, 3)),
        (.cumulativeSum(axis: 1, isReversed: false), [i(2, 3)], i(2, 3)),
        (.crossReplicaSum, [f(2)], f(2)),
        (.crossReplicaGroupSum(.pairs), [i(2)], i(2)),
        (.replicaIndex, [], TensorType(.int32, .scalar)),
        (.assign(variable: 0), [f(2, 3)], f(2, 3)),
    ]

    /// What each op refuses.
    private static let refused: [(Op, [TensorType], GraphError.Code)] = [
        (.infeed(index: 1), [], .invalidArgument),
        (.infeed(index: 0), [f()], .wrongOperandCount),
        (.constant(.splat(1, f(2))), [f()], .wrongOperandCount),
        (.readVariable(index: -1), [], .invalidArgument),
        (.iota(type: i(2), axis: 1), [], .invalidAxis),
        (.iota(type: i(1 << 40), axis: 0), [], .shapeMismatch),
        (.iota(type: b(2), axis: 0), [], .typeMismatch),
        (.randomUniform(type: i(5), seed: 1), [i()], .typeMismatch),
        (.randomUniform(type: f(5), seed: 1), [f()], .typeMismatch),
        (.unary(.exp), [i(2)], .typeMismatch),
        (.unary(.negate), [b(2)], .typeMismatch),
        (.unary(.not), [i(2)], .typeMismatch),
        (.binary(.add), [f(2), i(2)], .typeMismatch),
        (.binary(.add), [f(2), f(1)], .shapeMismatch),
        (.binary(.add), [b(2), b(2)], .typeMismatch),
        (.compare(.less), [f(2), f(3)], .shapeMismatch),
        (.logical(.and), [f(2), f(2)], .typeMismatch),
        (.select, [f(2), f(2), f(2)], .typeMismatch),
        (.select, [b(3), f(2), f(2)], .shapeMismatch),
        (.select, [b(2), f(2), i(2)], .typeMismatch),
        (.convert(.int8), [], .wrongOperandCount),
        (.reshape([5]), [f(2, 3)], .shapeMismatch),
        (.reshape([-2, -3]), [f(2, 3)], .shapeMismatch),
        (.broadcast(shape: [4], dimensions: [0]), [f(2)], .shapeMismatch),
        (.broadcast(shape: [4, 4], dimensions: [1, 0]), [f(4, 4)], .invalidAxis),
        (.broadcast(shape: [4], dimensions: [1]), [f(4)], .invalidAxis),
        (.transpose(permutation: [0, 0]), [f(2, 3)], .invalidAxis),
        (.slice(starts: [0], limits: [5], strides: [1]), [f(4)], .invalidArgument),
        (.slice(starts: [3], limits: [2], strides: [1]), [f(4)], .invalidArgument),
        (.slice(starts: [0], limits: [4], strides: [0]), [f(4)], .invalidArgument),
        (.pad(low: [-1], high: [0], interior: [0]), [f(3), f()], .invalidArgument),
        (.pad(low: [0], high: [0], interior: [.max]), [f(3), f()], .invalidArgument),
        (.pad(low: [0], high: [0], interior: [0]), [f(3), f(1)], .typeMismatch),
        (.concatenate(axis: 1), [], .wrongOperandCount),
        (.concatenate(axis: 2), [f(2, 1)], .invalidAxis),
        (.concatenate(axis: 1), [f(2, 1), f(3, 1)], .shapeMismatch),
        (.concatenate(axis: 0), [f(2), i(2)], .typeMismatch),
        (.dot(transposeLHS: false, transposeRHS: false), [f(5, 2), f(5, 3)], .shapeMismatch),
        (.dot(transposeLHS: false, transposeRHS: false), [f(5), f(5)], .shapeMismatch),
        (.dot(transposeLHS: false, transposeRHS: false), [f(2, 4, 5), f(3, 5, 4)], .shapeMismatch),
        (.dot(transposeLHS: false, transposeRHS: false), [i(2, 2), i(2, 2)], .typeMismatch),
        (.reduce(.sum, axes: [0, 0]), [f(2, 3)], .invalidAxis),
        (.reduce(.sum, axes: [2]), [f(2, 3)], .invalidAxis),
        (.reduce(.sum, axes: [0]), [b(2)], .typeMismatch),
        (.gather, [f(5, 2), f(3)], .typeMismatch),
        (.gather, [f(), i(3)], .shapeMismatch),
        (.scatterAdd(rows: 7), [i(3), f(4, 2)], .shapeMismatch),
        (.scatterAdd(rows: -1), [i(3), f(3, 2)], .shapeMismatch),
        (.scatterAdd(rows: 7), [i(3), b(3, 2)], .typeMismatch),
        (.reverse(axes: [1, 1]), [f(2, 3)], .invalidAxis),
        (.cumulativeSum(axis: 2, isReversed: true), [f(2, 3)], .invalidAxis),
        (.cumulativeSum(axis: 0, isReversed: true), [b(2, 3)], .typeMismatch),
        (.argMax(axis: -1), [f(2, 3)], .invalidAxis),
        (.argMax(axis: 1), [f(2, 0)], .shapeMismatch),
        (.softmax, [i(2, 3)], .typeMismatch),
        (.logSoftmax, [f()], .shapeMismatch),
        (.sparseSoftmaxCrossEntropy, [f(4, 3), i(3)], .shapeMismatch),
        (.sparseSoftmaxCrossEntropy, [f(4, 3), f(4)], .typeMismatch),
        (.sparseSoftmaxCrossEntropyGradient, [f(4, 3), i(4), f(3)], .shapeMismatch),
        (.crossReplicaSum, [b(2)], .typeMismatch),
        (.crossReplicaGroupSum(.pairs), [b(2)], .typeMismatch),
        (.replicaIndex, [f()], .wrongOperandCount),
        (.assign(variable: 0), [f(3, 2)], .shapeMismatch),
        (.assign(variable: 9), [f(3, 2)], .invalidArgument),
    ]

    @Test func derivesTypes() throws {
        for (op, operands, result) in Self.accepted {
            #expect(try Self.rules.result(op, operands) == result, "\(op.name)")
        }
    }

    @Test func refusesOthers() {
        for (op, operands, code) in Self.refused {
            let error = #expect(throws: GraphError.self, "\(op.name) \(operands)") {
                try Self.rules.result(op, operands)
            }
            #expect(error?.code == code, "\(op.name) \(operands)")
        }
    }

    @Test func coversEveryKindOfOp() {
        #expect(Set((Self.accepted + TypeRulesWindowsTests.accepted).map(\.0.kind)) == Set(Op.Kind.allCases))
        #expect(Set((Self.refused + TypeRulesWindowsTests.refused).map(\.0.kind)) == Set(Op.Kind.allCases))
    }
}
