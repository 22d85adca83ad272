import Executor
import Graph
import Testing

/// Which ops have a kernel, and what is done with several cores' values. The kernels have suites of their own.
struct ReferenceKernelsTests {
    @Test func whatNeedsMoreThanItsOperandsHasNoKernel() throws {
        let x = Reference.value(.float32, [1])
        let groups = try ReplicaGroups([[0, 1]])
        for op in [
            Op.infeed(index: 0), .readVariable(index: 0), .crossReplicaSum, .crossReplicaGroupSum(groups),
            .replicaIndex,
        ] {
            #expect(ReferenceKernels.evaluate(op, [x], x.type) == nil)
        }
    }

    @Test func whatIsHandedOnStays() throws {
        let x = Reference.value(.float32, [1, -0.0, .infinity, 4])
        #expect(ReferenceKernels.evaluate(.assign(variable: 0), [x], x.type) == x)
        #expect(try Reference.evaluate(.constant(x.literal), []) == x)
        #expect(
            try Reference.evaluate(.reshape([2, 2]), [x])
                == Reference.value(.float32, [1, -0.0, .infinity, 4], [2, 2]))
    }

    @Test func foldsAsItEvaluates() {
        let (a, b) = (Literal.splat(3, .scalar(.int8)), Literal.splat(127, .scalar(.int8)))
        #expect(ReferenceKernels.evaluator(.binary(.add), [a, b], a.type) == .splat(-126, a.type))
        #expect(ReferenceKernels.evaluator(.crossReplicaSum, [a], a.type) == nil)
    }

    /// Whole numbers wrap; floats are added in double precision, in core order, and rounded once.
    @Test func sumsOverCores() {
        let bytes = [200, 100, 1].map { Reference.value(.uint8, [$0, 0]) }
        #expect(ReferenceKernels.sum(bytes).wholes == [45, 0])
        let most = ReferenceValue(Literal(type: .scalar(.int64), integers: [.max]))
        #expect(ReferenceKernels.sum([most, most]).wholes == [-2])
        let floats = [1e8, 1, -1e8, 1].map { Reference.value(.float32, [$0]) }
        #expect(ReferenceKernels.sum(floats).doubles == [2])
        #expect(ReferenceKernels.sum([floats[1]]) == floats[1])
        #expect(ReferenceKernels.sum([1, .nan].map { Reference.value(.float64, [$0]) }).doubles[0].isNaN)
    }
}
