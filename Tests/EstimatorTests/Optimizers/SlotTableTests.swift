import Estimator
import Graph
import Testing

@Suite struct SlotTableTests {
    /// Slots are named for their variable wherever they are made, and have its element type; Adafactor's are shorter.
    @Test func namesAndShapes() throws {
        let builder = GraphBuilder()
        let table = builder.variable("deep/table", shape: [2, 3, 4])
        let operation = builder.withScope("optimizer") {
            KerasAdafactor().applyGradients(
                [VariableGradient(variable: table, gradient: table.value)], in: builder)
        }
        #expect(operation.slots == ["deep/table/r", "deep/table/c"])
        #expect(builder.variable(named: "deep/table/r")?.shape == [2, 3])
        #expect(builder.variable(named: "deep/table/c")?.shape == [2, 4])
        #expect(builder.trainableVariables.map(\.name) == ["deep/table"])
    }
}
