import Graph
import Testing

/// What the pass makes of small programs; that it changes no result but by rounding is checked where programs run.
struct PassesProductsTests {
    /// The gradient of a kernel [8, 9] that is used on so many batches of 2 rows, and what is added to it.
    private func program(steps: Int, beside: Int = 0, isSeen: Bool = false, rows: Int = 2) throws -> Program {
        let builder = GraphBuilder()
        func infeed(_ columns: Int) -> Tensor { builder.infeed(TensorType(.float32, [rows, columns])) }
        let pairs = (0..<steps).map { _ in (infeed(8), infeed(9)) }
        let products = pairs.reversed().map { $0.0.matmul($0.1, transposeA: true) }
        let others = (0..<beside).map { _ in builder.infeed(TensorType(.float32, [8, 9])) }
        let sum = (products + others).dropFirst().reduce(products[0], +)
        let seen = isSeen ? [(name: "seen", value: products[1])] : []
        let program = try builder.finish(outfeed: [(name: "sum", value: sum * 2)] + seen)
        return try Passes.run([Passes.joinProducts, Passes.deadCode], on: program)
    }

    private func count(_ kind: Op.Kind, _ program: Program) -> Int { program.nodes.count { $0.op.kind == kind } }

    @Test func aSumOfProductsIsOne() throws {
        let program = try program(steps: 5)
        #expect(count(.dot, program) == 1 && count(.binary, program) == 1)
        let dot = try #require(program.nodes.first { $0.op.kind == .dot })
        #expect(dot.operands.map { program[$0].type.shape } == [[10, 8], [10, 9]])
        // In the order in which the steps came, which is that of the infeed.
        let rows = try #require(program.nodes.first { $0.op == .concatenate(axis: 1) })
        let sources = rows.operands.map { program[program[$0].operands[0]].op }
        #expect(sources == stride(from: 0, to: 10, by: 2).map { .infeed(index: $0) })
    }

    @Test func whatElseIsAddedStays() throws {
        let program = try program(steps: 3, beside: 2)
        #expect(count(.dot, program) == 1 && count(.binary, program) == 3)
    }

    @Test func aProductThatIsSeenStays() throws {
        let program = try program(steps: 4, isSeen: true)
        #expect(count(.dot, program) == 2)
        let joined = try #require(program.nodes.last { $0.op.kind == .dot })
        #expect(program[joined.operands[0]].type.shape == [6, 8])
    }

    @Test func oneProductAndManyRowsStayAsTheyAre() throws {
        #expect(count(.concatenate, try program(steps: 1)) == 0)
        // Five rows of 17 numbers are more than 72.
        #expect(count(.concatenate, try program(steps: 3, rows: 5)) == 0)
        #expect(count(.concatenate, try program(steps: 3, rows: 4)) == 2)
    }
}
