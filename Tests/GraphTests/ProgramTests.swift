import Graph
import Testing

struct ProgramTests {
    private static func variable(_ name: String) -> Variable {
        Variable(name: name, type: .scalar(.float32), isTrainable: true, initializer: .zeros)
    }

    private static func node(_ op: Op, _ operands: [Int], _ name: String, _ dtype: DType = .float32) -> Node {
        Node(op: op, operands: operands.map { ValueID($0) }, type: .scalar(dtype), name: name)
    }

    /// Reads b and stores it to a; hands out the reading, a number of the core and the assigned value.
    private static let program = Program(
        variables: [variable("a"), variable("b")],
        nodes: [
            node(.readVariable(index: 1), [], "b/read"), node(.assign(variable: 0), [0], "a/Assign"),
            node(.replicaIndex, [], "core", .int32),
        ],
        loss: ValueID(0),
        outfeed: [
            Program.Outfeed(name: "core", value: ValueID(2)), Program.Outfeed(name: "b", value: ValueID(0)),
        ], assignments: [ValueID(1)])

    @Test func rootsAreLossThenOutfeedThenAssignments() {
        #expect(Self.program.roots.map(\.index) == [0, 2, 0, 1])
        var predicting = Self.program
        predicting.loss = nil
        #expect(predicting.roots.map(\.index) == [2, 0, 1])
        #expect(Program().roots.isEmpty)
    }

    @Test func findsWhatIsThere() {
        #expect(Self.program.contains(.assign))
        #expect(!Self.program.contains(.crossReplicaSum))
        #expect(Self.program[ValueID(2)].name == "core")
        #expect(Self.program.outfeedTypes == [.scalar(.int32), .scalar(.float32)])
    }

    @Test func assignmentsAreFoundByTheirVariable() {
        #expect(Self.program.assignmentByVariable == [0: ValueID(1)])
        var listed = Self.program
        // A list that names another node is malformed; what is asked here passes it over.
        listed.assignments.append(ValueID(2))
        #expect(listed.assignmentByVariable == [0: ValueID(1)])
    }

    @Test func variablesHaveTheirPlacesByName() {
        #expect(Self.program.variableIndices == ["a": 0, "b": 1])
        var doubled = Self.program
        doubled.variables.append(Self.variable("a"))
        #expect(doubled.variableIndices == ["a": 0, "b": 1], "the first counts")
    }

    @Test func placesComeInOrder() {
        #expect(ValueID(1) < ValueID(2))
        #expect(!(ValueID(2) < ValueID(2)))
        #expect("\(ValueID(7))" == "%7")
    }
}
