import Graph
import Testing
import TestSupport

/// What the algebra pass makes of small programs; that it changes no result is checked where programs run.
struct PassesAlgebraTests {
    private let builder = GraphBuilder()

    private func infeed(_ dimensions: Int..., dtype: DType = .float32) -> Tensor {
        builder.infeed(TensorType(dtype, Shape(dimensions)))
    }

    /// The ops that are left of one result.
    private func ops(_ result: Tensor, _ passes: [Pass] = [Passes.algebra, Passes.deadCode]) throws -> [Op] {
        try Passes.run(passes, on: builder.finish(outfeed: [("y", result)])).nodes.map(\.op)
    }

    private func count(_ kind: Op.Kind, in program: Program) -> Int { program.nodes.count { $0.op.kind == kind } }

    @Test func whatIsRoundedIsNotRoundedAgain() throws {
        let x = infeed(2, 3)
        #expect(try ops(x.roundedToBFloat16().roundedToBFloat16()) == [.infeed(index: 0), .unary(.roundToBFloat16)])
    }

    // MARK: Transposes

    @Test func putsTransposesIntoProducts() throws {
        let x = infeed(2, 3)
        let y = x.transposed().matmul(x.transposed(), transposeB: true).transposed().transposed()
        #expect(try ops(y) == [.infeed(index: 0), .dot(transposeLHS: true, transposeRHS: false)])
    }

    @Test func flipsSidesThatAreTransposedAlready() throws {
        let x = infeed(2, 3)
        let y = x.transposed().matmul(x.transposed(), transposeA: true)
        #expect(try ops(y) == [.infeed(index: 0), .dot(transposeLHS: false, transposeRHS: true)])
    }

    @Test func onlyTheLastTwoAxesGoIntoAProduct() throws {
        let x = infeed(4, 2, 3)
        let kept = x.transposed([0, 2, 1]).matmul(x)
        #expect(try ops(kept) == [.infeed(index: 0), .dot(transposeLHS: true, transposeRHS: false)])
        let other = GraphBuilder()
        let square = other.infeed(TensorType(.float32, [3, 3, 3]))
        let product = square.transposed([1, 0, 2]).matmul(square.transposed([2, 1, 0]))
        let program = try Passes.run([Passes.algebra], on: other.finish(outfeed: [("y", product)]))
        #expect(count(.transpose, in: program) == 2)
        #expect(program.nodes.last?.op == .dot(transposeLHS: false, transposeRHS: false))
    }

    /// Two transposes are one: that of moving the axes twice.
    @Test(arguments: [UInt64.random(in: .min ... .max), 3])
    func transposesJoin(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            let builder = GraphBuilder()
            let x = builder.infeed(TensorType(.float32, [2, 3, 4, 5]))
            let y = x.transposed([0, 1, 2, 3].shuffled(using: &random))
                .transposed([0, 1, 2, 3].shuffled(using: &random))
            let program = try Passes.run(
                [Passes.algebra, Passes.deadCode], on: builder.finish(outfeed: [("y", y)]))
            let result = program.outfeedTypes[0].shape
            #expect(result == y.shape, "seed \(seed)")
            // Extents that all differ say which axis went where.
            #expect(count(.transpose, in: program) == (result == x.shape ? 0 : 1), "seed \(seed)")
        }
    }

    // MARK: What changes nothing

    @Test func dropsWhatChangesNothing() throws {
        let x = infeed(2, 3)
        var y = (x * 1 / 1 - 0).pow(1).reshape(to: [3, 2]).reshape(to: [6]).reshape(to: [2, 3])
        y = -(-builder.concatenate([y.slice(0..<2, axis: 0)], axis: 1)).stopGradient()
        #expect(try ops(y, Passes.standard()) == [.infeed(index: 0)])
    }

    @Test func joinsReshapes() throws {
        let x = infeed(2, 6)
        #expect(try ops(x.reshape(to: [3, 4]).reshape(to: [12])) == [.infeed(index: 0), .reshape([12])])
    }

    @Test func dropsConversionsToTheSameType() throws {
        let x = infeed(2)
        #expect(try ops(builder.add(.convert(.float32), [x])) == [.infeed(index: 0)])
        let kept = x.cast(to: .float64).cast(to: .float32)
        #expect(try ops(kept) == [.infeed(index: 0), .convert(.float64), .convert(.float32)])
    }

    @Test func keepsWhatStretchesOrCuts() throws {
        let x = infeed(1, 3)
        let y = x.broadcast(to: [2, 3]).slice(from: [0, 0], to: [2, 3], by: [2, 1])
        #expect(try ops(y).map(\.kind) == [.infeed, .broadcast, .slice])
        let two = builder.concatenate([x, x], axis: 0)
        #expect(try ops(two).map(\.kind) == [.infeed, .concatenate])
    }

    @Test func doubleNegationsOfBothKinds() throws {
        #expect(try ops(.!(.!infeed(2, dtype: .bool))) == [.infeed(index: 0)])
        let other = GraphBuilder()
        let x = other.infeed(TensorType(.float32, [2]))
        let program = try Passes.run([Passes.algebra], on: other.finish(outfeed: [("y", -(-(-x)))]))
        #expect(program.outfeed.map { program[$0.value].op } == [.unary(.negate)])
    }

    // MARK: Neutral operands

    /// x + 0 makes 0 of −0; x − (−0) does too; 1 · x has its constant on the left; what is close to 1 is not 1.
    @Test func keepsWhatChangesABit() throws {
        let x = infeed(2)
        for y in [
            x + 0, x - -0.0, 1 * x, 0 - x, x * 0, x.maximum(0), x.minimum(1), x % builder.constant(1),
            x.squaredDifference(builder.constant(0)), x * 1.0000001, x * .nan, x / x,
        ] {
            let program = try Passes.run([Passes.algebra, Passes.deadCode], on: builder.finish(outfeed: [("y", y)]))
            #expect(count(.binary, in: program) == 1)
        }
    }

    @Test(arguments: [DType.uint8, .int8, .int64, .float32, .float64])
    func neutralOperandsOfEveryType(dtype: DType) throws {
        let x = infeed(3, dtype: dtype)
        let ones = builder.constant([1, 1, 1], shape: [3], dtype: dtype)
        let mixed = builder.constant([1, 1, 0], shape: [3], dtype: dtype)
        for y in [x * 1, x / ones, x.pow(1), x - 0] { #expect(try ops(y).map(\.kind) == [.infeed]) }
        #expect(try ops(x * mixed).map(\.kind) == [.infeed, .constant, .binary])
    }

    // MARK: Sums over cores

    @Test func joinsSumsOverCores() throws {
        let x = infeed(2)
        let y = x.exp().crossReplicaSum() + x.crossReplicaSum()
        let joined = try Passes.optimize(builder.finish(outfeed: [("y", y)]))
        #expect(count(.crossReplicaSum, in: joined) == 1)
        let kept = try Passes.optimize(builder.finish(outfeed: [("y", y), ("z", x.crossReplicaSum())]))
        #expect(count(.crossReplicaSum, in: kept) == 2)
    }

    @Test func joinsDifferencesAndNothingElse() throws {
        let x = infeed(2)
        let (a, b) = (x.exp().crossReplicaSum(), x.sin().crossReplicaSum())
        let passes = [Passes.joinReplicaSums, Passes.deadCode]
        #expect(
            try ops(a - b, passes) == [
                .infeed(index: 0), .unary(.exp), .unary(.sin), .binary(.subtract), .crossReplicaSum,
            ])
        #expect(try ops(a * b, passes).count { $0 == .crossReplicaSum } == 2)
        #expect(try ops(a + x, passes).last == .binary(.add))
        #expect(try ops(a + a, passes).last == .binary(.add), "one sum that is used twice is one sum")
    }

    @Test func aSumThatIsStoredIsUsed() throws {
        let x = infeed(2)
        let variable = builder.variable("v", shape: [2])
        let a = x.exp().crossReplicaSum()
        variable.assign(a)
        let program = try builder.finish(outfeed: [("y", a + x.crossReplicaSum())])
        let result = try Passes.run([Passes.joinReplicaSums, Passes.deadCode], on: program)
        #expect(count(.crossReplicaSum, in: result) == 2)
    }
}
