import Graph
import Testing

@Suite struct GraphBuilderNodesTests {
    @Test func aVariableIsFoundByItsName() throws {
        let builder = GraphBuilder()
        let variable = builder.variable("a", shape: [2, 3])
        _ = builder.variable("b", shape: [4])
        #expect(builder.value(ofVariable: "a").id == variable.value.id)
        #expect(builder.value(ofVariable: "b").shape.dimensions == [4])
        #expect(builder.error == nil)
    }

    /// A name that no variable has is a fault, after which building goes on.
    @Test func anUnknownNameIsAFault() {
        let builder = GraphBuilder()
        _ = builder.variable("a", shape: [2])
        let value = builder.value(ofVariable: "A")
        #expect(value.id == nil && value.dtype == .float32 && value.shape.dimensions == [])
        let error = GraphError(.invalidArgument, "no variable of this name exists", op: "variable", node: "A")
        #expect(builder.error == error)
        #expect((value + 1).id == nil)
        #expect(throws: GraphError.self) { try builder.finish() }
    }

    @Test func aNodesResultIsItsTensor() throws {
        let builder = GraphBuilder()
        let sum = builder.constant(1, shape: [3]) + 2
        let again = builder.tensor(try #require(sum.id))
        #expect(again.id == sum.id && again.type == sum.type)
    }
}
