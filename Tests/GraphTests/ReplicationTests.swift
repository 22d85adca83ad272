import Graph
import Testing

struct ReplicationTests {
    @Test func keepsTrainedVariablesUniform() throws {
        let program = try ExamplePrograms.classifier()
        let replication = Replication(program)
        #expect(replication.variables.allSatisfy { $0 == .uniform })
        let loss = try #require(program.loss)
        #expect(replication[loss] == .perReplica)
    }

    @Test func findsVariablesThatDiffer() throws {
        let program = try ExamplePrograms.statistics()
        let replication = Replication(program)
        #expect(replication.variables == [.perReplica, .uniform])
        #expect(program.outfeed.map { replication[$0.value] } == [.perReplica, .uniform])
    }

    /// A difference that goes around through two variables: b takes a's value, a takes the infeed's.
    @Test func followsVariablesToAFixedPoint() throws {
        let builder = GraphBuilder()
        let x = builder.infeed(TensorType(.float32, .scalar))
        let b = builder.variable("b", initializer: .zeros)
        let a = builder.variable("a", initializer: .zeros)
        b.assign(a.value)
        a.assign(x)
        #expect(try Replication(builder.finish()).variables == [.perReplica, .perReplica])
    }
}
