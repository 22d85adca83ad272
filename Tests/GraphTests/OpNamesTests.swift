import Graph
import Testing

struct OpNamesTests {
    @Test func tensorFlowsWordWhereItHasOne() {
        let names: [(Op, String)] = [
            (.dot(transposeLHS: true, transposeRHS: false), "MatMul"), (.reduce(.sum, axes: [0]), "Sum"),
            (.reduce(.product, axes: [0]), "Prod"), (.reduce(.max, axes: [1]), "Max"),
            (.reduce(.min, axes: []), "Min"), (.unary(.logistic), "Sigmoid"), (.unary(.negate), "Neg"),
            (.binary(.subtract), "Sub"), (.binary(.multiply), "Mul"), (.binary(.divide), "RealDiv"),
            (.binary(.power), "Pow"), (.convert(.int8), "Cast"), (.constant(.splat(1, .scalar(.bool))), "Const"),
            (.broadcast(shape: [1], dimensions: []), "BroadcastTo"),
        ]
        for (op, name) in names { #expect(op.defaultNodeName == name) }
    }

    @Test func elseTheOpsOwnWithACapital() {
        let names: [(Op, String)] = [
            (.unary(.relu), "Relu"), (.unary(.expm1), "Expm1"), (.unary(.isFinite), "IsFinite"),
            (.binary(.squaredDifference), "SquaredDifference"), (.compare(.lessOrEqual), "LessOrEqual"),
            (.logical(.xor), "Xor"), (.crossReplicaSum, "CrossReplicaSum"), (.argMax(axis: 0), "ArgMax"),
        ]
        for (op, name) in names { #expect(op.defaultNodeName == name) }
    }
}
