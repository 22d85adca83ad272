/// Checks that a program is one: what it lets pass, every executor may trust.
package enum Verifier {
    /// Throws the first fault, with the neighbourhood of the node printed in its detail.
    package static func verify(_ program: Program) throws(GraphError) {
        let rules = TypeRules(infeed: program.infeed, variables: program.variables.map(\.type))
        var names = Set<String>(minimumCapacity: program.nodes.count)
        for (place, node) in program.nodes.enumerated() {
            func fault(_ code: GraphError.Code, _ detail: String) -> GraphError {
                GraphError(
                    code, detail + "\n" + Printer.neighbourhood(of: ValueID(place), in: program), op: node.op.name,
                    node: node.name)
            }
            for operand in node.operands where operand.index < 0 || operand.index >= place {
                throw fault(.malformed, "operand \(operand) is not an earlier node")
            }
            guard names.insert(node.name).inserted else { throw fault(.malformed, "another node has this name") }
            let type: TensorType
            do throws(GraphError) {
                type = try rules.result(node.op, node.operands.map { program[$0].type })
            } catch {
                throw fault(error.code, error.detail)
            }
            guard type == node.type else { throw fault(.malformed, "its type is \(type), not \(node.type)") }
        }
        guard program.groupedReplicas.count <= 1 else {
            throw GraphError(
                .malformed,
                "its sums over groups are for \(program.groupedReplicas.sorted()) cores: one program runs on one number "
                    + "of cores", op: "crossReplicaGroupSum")
        }
        try verifyVariables(program)
        try verifyAssignments(program)
        try verifyResults(program)
    }

    private static func verifyVariables(_ program: Program) throws(GraphError) {
        var names: Set<String> = []
        for variable in program.variables {
            guard names.insert(variable.name).inserted else {
                throw GraphError(.duplicate, "two variables have this name", op: "variable", node: variable.name)
            }
            guard variable.type.shape.isValid else {
                throw GraphError(.invalidArgument, "\(variable.type) is not a possible type", node: variable.name)
            }
            if case .literal(let literal) = variable.initializer, literal.type != variable.type {
                throw GraphError(.typeMismatch, "\(variable.type) starts as \(literal.type)", node: variable.name)
            }
        }
    }

    private static func verifyAssignments(_ program: Program) throws(GraphError) {
        let listed = Set(program.assignments)
        var assigned: Set<Int> = []
        for (place, node) in program.nodes.enumerated() {
            guard case .assign(let variable) = node.op else { continue }
            guard assigned.insert(variable).inserted else {
                throw GraphError(.duplicate, "variable \(variable) is assigned twice", op: "assign", node: node.name)
            }
            guard listed.contains(ValueID(place)) else {
                throw GraphError(.malformed, "it is not listed as an assignment", op: "assign", node: node.name)
            }
        }
        guard assigned.count == program.assignments.count else {
            throw GraphError(.malformed, "the list of assignments names other nodes, or one twice")
        }
    }

    private static func verifyResults(_ program: Program) throws(GraphError) {
        for value in program.roots where !program.nodes.indices.contains(value.index) {
            throw GraphError(.malformed, "\(value) is not a node")
        }
        if let loss = program.loss {
            let type = program[loss].type
            guard type.shape == .scalar, type.dtype.isFloating else {
                throw GraphError(
                    .notScalarLoss, "the loss is \(type), not one floating number", op: program[loss].op.name,
                    node: program[loss].name)
            }
        }
        guard Set(program.outfeed.map(\.name)).count == program.outfeed.count else {
            throw GraphError(.duplicate, "two outfeed values have one name")
        }
    }
}
