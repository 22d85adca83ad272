import Graph
import Testing

/// Copying a program, seen through passes that only copy.
struct RewriterTests {
    /// A pass of nothing: it folds constants by an evaluator that has no answer.
    private static let copy = Passes.foldConstants { _, _, _ in nil }

    @Test func aCopyIsTheProgram() throws {
        for program in [try ExamplePrograms.classifier(), try ExamplePrograms.statistics(), Program()] {
            #expect(try Passes.run([Self.copy], on: program) == program)
        }
    }

    @Test func resultsFollowTheirNodes() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, .scalar))
        let variable = builder.variable("v")
        _ = x.exp()
        variable.assign(x)
        let program = try builder.finish(loss: x, outfeed: [("x", x), ("minus", -x)])
        let result = try Passes.run([Passes.deadCode], on: program)
        #expect(result.nodes.count == program.nodes.count - 1)
        let loss = try #require(result.loss)
        #expect(result[loss].name == "infeed")
        #expect(result.outfeed.map { result[$0.value].name } == ["infeed", "Neg"])
        #expect(result.assignments.map { result[$0].name } == ["v/Assign"])
        #expect(result.variables == program.variables)
    }

    /// A pass that makes two nodes of one gives the second another name; a name that is taken gets primes.
    @Test func namesStayUnique() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, .scalar))
        func sum(_ name: String) -> Tensor {
            builder.add(.binary(.add), [x.exp().crossReplicaSum(), x.sin().crossReplicaSum()], name: name)
        }
        // The first sum's new node is called as the node that follows it.
        let first = sum("a")
        let taken = builder.add(.unary(.negate), [x], name: "a/CrossReplicaSum")
        let further = builder.add(.unary(.abs), [x], name: "a/CrossReplicaSum'")
        let program = try builder.finish(outfeed: [("first", first), ("taken", taken), ("further", further)])
        let result = try Passes.run([Passes.joinReplicaSums, Passes.deadCode], on: program)
        #expect(result.outfeed.map { result[$0.value].op.name } == ["crossReplicaSum", "negate", "abs"])
        #expect(
            result.outfeed.map { result[$0.value].name }
                == ["a/CrossReplicaSum", "a/CrossReplicaSum'", "a/CrossReplicaSum''"])
    }

    /// What a node becomes must still be accepted; else the fault names the node and the pass.
    @Test func refusesANodeThatIsNone() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, [2]))
        var program = try builder.finish(outfeed: [("y", x.exp())])
        program.nodes[1].op = .unary(.not)
        let error = #expect(throws: GraphError.self) { try Passes.run([Self.copy], on: program) }
        #expect(
            error
                == GraphError(
                    .typeMismatch, "pass foldConstants: takes bool, not float32[2]", op: "not", node: "Exp"))
    }
}
