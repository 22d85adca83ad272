import Graph
import Testing

/// What the pass makes of small programs; that it changes no result but by rounding is checked where programs run.
struct PassesTablesTests {
    /// The loss of a dense layer behind a table [rows, 3] in which [2, 5] words are looked up, and both gradients as the
    /// cores' sums.
    private func program(rows: Int, isSeen: Bool = false) throws -> (program: Program, optimized: Program) {
        let builder = GraphBuilder()
        let table = builder.variable("table", shape: [rows, 3])
        let kernel = builder.variable("kernel", shape: [3, 4])
        let words = builder.infeed(TensorType(.int32, [2, 5]))
        let found = table.value.gather(words)
        let loss = found.reshape(to: [10, 3]).matmul(kernel.value).square().reduceSum()
        let gradients = builder.gradients(of: loss, withRespectTo: [table, kernel]).map { $0.crossReplicaSum() }
        let seen = isSeen ? [(name: "found", value: found)] : []
        let program = try builder.finish(
            loss: loss, outfeed: [(name: "table", value: gradients[0]), (name: "kernel", value: gradients[1])] + seen)
        return (program, try Passes.optimize(program))
    }

    private func count(_ kind: Op.Kind, _ program: Program) -> Int { program.nodes.count { $0.op.kind == kind } }

    /// The extents of the left and right operands of each product.
    private func products(_ program: Program) -> [[Shape]] {
        program.nodes.filter { $0.op.kind == .dot }.map { $0.operands.map { program[$0].type.shape } }
    }

    @Test func theTableIsMultipliedInPlaceOfItsRows() throws {
        let (program, optimized) = try program(rows: 4)
        #expect(products(program).contains([[10, 3], [3, 4]]))
        #expect(products(optimized).allSatisfy { $0.allSatisfy { $0[0] <= 4 } })
        #expect(count(.dot, optimized) == 3 && count(.gather, optimized) == 1)
    }

    @Test func bothGradientsAreProductsOfOneSum() throws {
        let (_, optimized) = try program(rows: 4)
        #expect(count(.scatterAdd, optimized) == 1 && count(.crossReplicaSum, optimized) == 1)
        let sum = try #require(optimized.nodes.first { $0.op.kind == .crossReplicaSum })
        #expect(sum.type.shape == [4, 4])
    }

    @Test func aTableOfManyRowsStaysAsItIs() throws {
        let (program, optimized) = try program(rows: 5)
        #expect(products(program).count == products(optimized).count)
        #expect(products(optimized).contains([[10, 3], [3, 4]]))
        #expect(count(.crossReplicaSum, optimized) == 2)
    }

    @Test func rowsThatAreSeenAreStillLookedUp() throws {
        let (_, optimized) = try program(rows: 4, isSeen: true)
        #expect(count(.gather, optimized) == 2)
    }

    @Test func aProgramWithoutATableIsNotCopied() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [2, 3]))
        let program = try builder.finish(loss: x.matmul(x, transposeB: true).reduceSum())
        #expect(try Passes.run([Passes.multiplyTables], on: program).nodes.map(\.name) == program.nodes.map(\.name))
    }
}
