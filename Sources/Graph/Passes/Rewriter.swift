/// Copies a program node by node, so that a pass only says what it makes of each.
struct Rewriter {
    /// The program that is copied.
    let old: Program
    /// The copy so far.
    private(set) var new: Program
    /// Old place to new value.
    private var moved: [ValueID] = []
    private let rules: TypeRules
    private var names: Set<String> = []

    init(_ program: Program) {
        old = program
        new = Program(infeed: program.infeed, variables: program.variables)
        rules = TypeRules(infeed: program.infeed, variables: program.variables.map(\.type))
        new.nodes.reserveCapacity(program.nodes.count)
        moved.reserveCapacity(program.nodes.count)
        names.reserveCapacity(program.nodes.count)
    }

    /// What an old value became.
    func moved(_ value: ValueID) -> ValueID { moved[value.index] }

    /// Says which new value stands for the old node that is next.
    mutating func map(to value: ValueID) { moved.append(value) }

    /// Adds a new node. Its name gets primes when another node has it.
    mutating func emit(_ op: Op, _ operands: [ValueID], name: String) throws(GraphError) -> ValueID {
        let type: TensorType
        do throws(GraphError) {
            type = try rules.result(op, operands.map { new[$0].type })
        } catch {
            throw error.at(op: op.name, node: name)
        }
        var unique = name
        while !names.insert(unique).inserted { unique += "'" }
        new.nodes.append(Node(op: op, operands: operands, type: type, name: unique))
        return ValueID(new.nodes.count - 1)
    }

    /// The copy, once every old node has a new value.
    func finished() -> Program {
        precondition(moved.count == old.nodes.count, "a pass handles every node")
        var program = new
        program.loss = old.loss.map(moved)
        program.outfeed = old.outfeed.map { Program.Outfeed(name: $0.name, value: moved($0.value)) }
        program.assignments = old.assignments.map(moved)
        return program
    }
}
