import Graph
import Testing

struct OpKindTests {
    /// What errors and printed programs call an op: its own name where it has one, not that of its family.
    @Test func namesTellOpsOfAFamilyApart() {
        #expect(Op.unary(.rsqrt).name == "rsqrt")
        #expect(Op.binary(.maximum).name == "maximum")
        #expect(Op.compare(.notEqual).name == "notEqual")
        #expect(Op.logical(.and).name == "and")
        #expect(Op.reduce(.product, axes: [0]).name == "reduce_product")
        #expect(Op.dot(transposeLHS: true, transposeRHS: true).name == "dot")
        #expect(Op.infeed(index: 3).name == "infeed")
    }

    @Test func noTwoOpsOfDifferentMeaningHaveOneName() {
        let families =
            UnaryOp.allCases.map { Op.unary($0) } + BinaryOp.allCases.map { .binary($0) }
            + Comparison.allCases.map { .compare($0) } + LogicalOp.allCases.map { .logical($0) }
            + Reduction.allCases.map { .reduce($0, axes: []) }
        let others = Op.Kind.allCases.map(\.rawValue)
        let names = families.map(\.name) + others
        #expect(Set(names).count == names.count)
    }

    /// The kind leaves the attributes out, and so two ops that differ in these alone are of one kind.
    @Test func kindsLeaveAttributesOut() {
        #expect(Op.infeed(index: 0).kind == Op.infeed(index: 7).kind)
        #expect(Op.unary(.exp).kind == Op.unary(.log).kind)
        #expect(Op.softmax.kind != Op.logSoftmax.kind)
        #expect(Op.sparseSoftmaxCrossEntropy.kind != Op.sparseSoftmaxCrossEntropyGradient.kind)
    }

    @Test func onlyAssignmentsOutliveAStep() {
        #expect(Op.assign(variable: 0).hasEffect)
        for op in [Op.crossReplicaSum, .readVariable(index: 0), .infeed(index: 0), .select] { #expect(!op.hasEffect) }
    }
}
