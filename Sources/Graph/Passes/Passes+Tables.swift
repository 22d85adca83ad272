extension Passes {
    /// Multiplies a table in place of the rows that are looked up in it, where these are more than twice as many: a dense or
    /// recurrent layer behind an embedding of few words.
    ///
    /// - gather(t, i)·w = gather(t·w, i).
    /// - Of gradients, gather(t, i)ᵀ·g = tᵀ·scatterAdd(i, g) and scatterAdd(i, g·w) = scatterAdd(i, g)·w.
    /// - Over cores, the sum of a product one side of which is the same on all is the product of the sum.
    ///
    /// Equal but for rounding; of an index outside of the table the gradient hears nothing any more, where it was NaN.
    package static let multiplyTables = Pass("multiplyTables") { program throws(GraphError) in
        guard program.nodes.contains(where: { $0.op == .gather }) else { return program }
        var tables = TableProducts(program)
        for (place, node) in program.nodes.enumerated() { try tables.add(node, at: place) }
        return tables.rewriter.finished()
    }
}

/// The pass at work.
private struct TableProducts {
    var rewriter: Rewriter
    private let uses: [Int]
    private let replication: Replication
    /// Old products over sums of rows, by their place: the new values of which each is the product.
    private var gradients: [Int: (op: Op, operands: [ValueID], sum: Int)] = [:]

    init(_ program: Program) {
        rewriter = Rewriter(program)
        uses = program.useCounts
        replication = Replication(program)
    }

    /// Adds what an old node becomes.
    mutating func add(_ node: Node, at place: Int) throws(GraphError) {
        switch node.op {
        case .dot(transposeLHS: false, let transposeRHS) where node.type.shape.rank == 2:
            if let found = lookup(node.operands[0]) {
                return rewriter.map(to: try product(of: found, node, transposeRHS))
            }
        case .dot(transposeLHS: true, transposeRHS: false) where node.type.shape.rank == 2:
            if let found = lookup(node.operands[0]) {
                return rewriter.map(to: try tableGradient(found, node, at: place))
            }
        case .scatterAdd(let rows) where node.type.shape.rank == 2:
            if let product = product(node.operands[1]), TableProducts.isWorthIt(rows, lookups: product.type.shape[0]) {
                return rewriter.map(to: try sumOfRows(product, node, at: place))
            }
        case .crossReplicaSum:
            if let sum = try sumOverCores(node) { return rewriter.map(to: sum) }
        default: break
        }
        rewriter.map(to: try rewriter.emit(node.op, node.operands.map(rewriter.moved), name: node.name))
    }

    private static func isWorthIt(_ rows: Int, lookups: Int) -> Bool { rows < lookups / 2 }

    // MARK: What is found

    /// Rows of a table [rows, columns], as a matrix of one row an index.
    private struct Lookup {
        let table: ValueID
        let indices: ValueID
    }

    private func lookup(_ value: ValueID) -> Lookup? {
        let node = rewriter.old[withoutReshape(value)]
        guard node.op == .gather else { return nil }
        let (table, indices) = (node.operands[0], node.operands[1])
        let (shape, rows) = (rewriter.old[table].type.shape, rewriter.old[value].type.shape)
        guard shape.rank == 2, rows[1] == shape[1], TableProducts.isWorthIt(shape[0], lookups: rows[0]) else {
            return nil
        }
        return Lookup(table: table, indices: indices)
    }

    /// A product of matrices that nothing but this value uses.
    private func product(_ value: ValueID) -> Node? {
        var value = value
        while uses[value.index] == 1, case .reshape(let shape) = rewriter.old[value].op {
            let source = rewriter.old[value].operands[0]
            let type = rewriter.old[source].type
            // Its rows stay rows.
            guard type.shape.rank > 0, type.shape[type.shape.rank - 1] == shape[shape.rank - 1] else { return nil }
            value = source
        }
        let node = rewriter.old[value]
        guard uses[value.index] == 1, case .dot(transposeLHS: false, _) = node.op, node.type.shape.rank == 2 else {
            return nil
        }
        return node
    }

    private func withoutReshape(_ value: ValueID) -> ValueID {
        var value = value
        while case .reshape = rewriter.old[value].op { value = rewriter.old[value].operands[0] }
        return value
    }

    // MARK: What becomes of it

    private mutating func product(
        of lookup: Lookup, _ node: Node, _ transposeRHS: Bool
    ) throws(GraphError) -> ValueID {
        let all = try rewriter.emit(
            .dot(transposeLHS: false, transposeRHS: transposeRHS),
            [rewriter.moved(lookup.table), rewriter.moved(node.operands[1])], name: "\(node.name)/Table")
        let rows = try rewriter.emit(.gather, [all, rewriter.moved(lookup.indices)], name: "\(node.name)/Rows")
        return try rewriter.emit(.reshape(node.type.shape), [rows], name: node.name)
    }

    private mutating func tableGradient(
        _ lookup: Lookup, _ node: Node, at place: Int
    ) throws(GraphError) -> ValueID {
        let rows = rewriter.old[lookup.table].type.shape[0]
        let sum = try sum(of: node.operands[1], at: lookup.indices, rows: rows, name: node.name)
        let operands = [rewriter.moved(lookup.table), sum]
        if replication[lookup.table] == .uniform { gradients[place] = (node.op, operands, 1) }
        return try rewriter.emit(node.op, operands, name: node.name)
    }

    private mutating func sumOfRows(_ product: Node, _ node: Node, at place: Int) throws(GraphError) -> ValueID {
        let sum = try sum(
            of: product.operands[0], at: node.operands[0], rows: node.type.shape[0], name: product.name)
        let operands = [sum, rewriter.moved(product.operands[1])]
        if replication[product.operands[1]] == .uniform { gradients[place] = (product.op, operands, 0) }
        let matrix = try rewriter.emit(product.op, operands, name: product.name)
        return try rewriter.emit(.reshape(node.type.shape), [matrix], name: node.name)
    }

    /// Each row of a matrix added to the row that its index names.
    private mutating func sum(
        of matrix: ValueID, at indices: ValueID, rows: Int, name: String
    ) throws(GraphError) -> ValueID {
        let columns = rewriter.old[matrix].type.shape[1]
        let shape = Shape(rewriter.old[indices].type.shape.dimensions + [columns])
        let updates = try rewriter.emit(.reshape(shape), [rewriter.moved(matrix)], name: "\(name)/Rows")
        return try rewriter.emit(
            .scatterAdd(rows: rows), [rewriter.moved(indices), updates], name: "\(name)/SumOfRows")
    }

    /// The product of the sum over cores; nil for other sums, and where the cores' own products are used as well.
    private mutating func sumOverCores(_ node: Node) throws(GraphError) -> ValueID? {
        let operand = node.operands[0].index
        guard let product = gradients[operand], uses[operand] == 1 else { return nil }
        var operands = product.operands
        operands[product.sum] = try rewriter.emit(.crossReplicaSum, [operands[product.sum]], name: "\(node.name)/Rows")
        let matrix = try rewriter.emit(product.op, operands, name: "\(node.name)/Product")
        return try rewriter.emit(.reshape(node.type.shape), [matrix], name: node.name)
    }
}
