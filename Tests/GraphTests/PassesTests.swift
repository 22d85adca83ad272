import Graph
import Testing

/// What each pass does to small programs; that none changes results is checked where programs run.
struct PassesTests {
    private let builder = GraphBuilder()

    private func count(_ kind: Op.Kind, in program: Program) -> Int { program.nodes.count { $0.op.kind == kind } }

    @Test func dropsDeadCode() throws {
        let x = builder.infeed(TensorType(.float32, [2]))
        _ = x.exp()
        let program = try Passes.run([Passes.deadCode], on: builder.finish(outfeed: [("y", -x)]))
        #expect(program.nodes.map(\.op) == [.infeed(index: 0), .unary(.negate)])
        #expect(program.infeed.count == 1)
    }

    @Test func keepsAssignments() throws {
        let variable = builder.variable("v")
        variable.assign(builder.constant(1))
        let program = try Passes.optimize(builder.finish()) { _, literals, _ in literals.first }
        #expect(count(.assign, in: program) == 1)
        #expect(program.assignments.count == 1)
    }

    @Test func computesCommonSubexpressionsOnce() throws {
        let x = builder.infeed(TensorType(.float32, [2]))
        let y = x.exp() * x.exp() + 0.5 - 0.5
        let program = try Passes.run([Passes.commonSubexpressions], on: builder.finish(outfeed: [("y", y)]))
        #expect(count(.unary, in: program) == 1)
        #expect(count(.constant, in: program) == 1)
    }

    @Test func foldsConstantsByTheEvaluator() throws {
        let x = builder.infeed(TensorType(.float32, [2]))
        let y = x * (builder.constant(3) + builder.constant(4))
        let pass = Passes.foldConstants { op, literals, type in
            op == .binary(.add) ? .splat(literals.map { $0.doubles[0] }.reduce(0, +), type) : nil
        }
        let program = try Passes.run([pass, Passes.deadCode], on: builder.finish(outfeed: [("y", y)]))
        #expect(program.nodes.contains { $0.op == .constant(.splat(7, .scalar(.float32))) })
        #expect(!program.nodes.contains { $0.op == .binary(.add) })
    }

    @Test func namesThePassThatSpoils() throws {
        let x = builder.infeed(TensorType(.float32, [2]))
        let program = try builder.finish(outfeed: [("x", x)])
        let spoil = Pass("spoil") { program throws(GraphError) in
            var program = program
            program.nodes[0].type = .scalar(.bool)
            return program
        }
        let error = #expect(throws: GraphError.self) { try Passes.run([spoil], on: program) }
        #expect(error?.detail.hasPrefix("pass spoil: ") == true)
    }
}
