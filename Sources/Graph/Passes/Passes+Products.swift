extension Passes {
    /// One product in place of a sum of products, where each sums over the rows of both its operands, as the gradients of a
    /// kernel do that a recurrent layer uses at each of its steps: aᵀ·b + cᵀ·d = [a; c]ᵀ·[b; d]. Equal but for rounding.
    ///
    /// The operands are put side by side by rows, so that a row of the batch stays one: [rows, steps, columns].
    package static let joinProducts = Pass("joinProducts") { program throws(GraphError) in
        let sums = ProductSums(program)
        guard !sums.products.isEmpty else { return program }
        var rewriter = Rewriter(program)
        for (place, node) in program.nodes.enumerated() {
            if sums.isGone[place] {
                rewriter.map(to: ValueID(-1))
            } else if let products = sums.products[place] {
                rewriter.map(to: try joined(products, beside: sums.rest[place] ?? [], node, &rewriter))
            } else {
                rewriter.map(to: try rewriter.emit(node.op, node.operands.map(rewriter.moved), name: node.name))
            }
        }
        return rewriter.finished()
    }

    private static func joined(
        _ products: [ValueID], beside rest: [ValueID], _ node: Node, _ rewriter: inout Rewriter
    ) throws(GraphError) -> ValueID {
        var sides: [ValueID] = []
        for side in 0..<2 {
            var rows: [ValueID] = []
            var (count, columns) = (0, 0)
            for product in products {
                let operand = rewriter.old[product].operands[side]
                let shape = rewriter.old[operand].type.shape
                (count, columns) = (shape[0], shape[1])
                rows.append(
                    try rewriter.emit(
                        .reshape([count, 1, columns]), [rewriter.moved(operand)], name: "\(node.name)/Row"))
            }
            let all = try rewriter.emit(.concatenate(axis: 1), rows, name: "\(node.name)/Rows")
            sides.append(
                try rewriter.emit(.reshape([count * rows.count, columns]), [all], name: "\(node.name)/Joined"))
        }
        var sum = try rewriter.emit(.dot(transposeLHS: true, transposeRHS: false), sides, name: node.name)
        for value in rest {
            sum = try rewriter.emit(.binary(.add), [sum, rewriter.moved(value)], name: "\(node.name)/Add")
        }
        return sum
    }
}

/// The sums of a program that products are joined in.
private struct ProductSums {
    /// By the place of the sum: the products that become one, in the order of their rows.
    private(set) var products: [Int: [ValueID]] = [:]
    /// By the place of the sum: what else is added up.
    private(set) var rest: [Int: [ValueID]] = [:]
    /// Products and inner sums that nothing needs any more.
    private(set) var isGone: [Bool]

    init(_ program: Program) {
        isGone = [Bool](repeating: false, count: program.nodes.count)
        let uses = program.useCounts
        var isInner = isGone
        for place in program.nodes.indices.reversed() where program.nodes[place].op == .binary(.add) {
            for operand in program.nodes[place].operands
            where program[operand].op == .binary(.add) && uses[operand.index] == 1 {
                isInner[operand.index] = true
            }
            guard !isInner[place] else { continue }
            var inner: [Int] = []
            var terms: [ValueID] = []
            var open = program.nodes[place].operands
            while let value = open.popLast() {
                // Of these the sum at hand is the only user.
                if program[value].op == .binary(.add), uses[value.index] == 1 {
                    inner.append(value.index)
                    open += program[value].operands
                } else {
                    terms.append(value)
                }
            }
            let found = terms.filter { uses[$0.index] == 1 && ProductSums.sumsOverRows(program[$0]) }
            guard let first = found.first else { continue }
            let operands = program[first].operands.map { program[$0].type }
            let joined = found.filter { program[$0].operands.map { program[$0].type } == operands }
            // Worth it where the products have more elements than what is put side by side.
            let rows = operands[0].shape[0]
            let copied = rows.multiplied(saturating: operands[0].shape[1].adding(saturating: operands[1].shape[1]))
            let (_, overflow) = rows.multipliedReportingOverflow(by: joined.count)
            guard joined.count > 1, !overflow, copied < program[first].type.count else { continue }
            // Gradients come from the last step to the first: this way a sequence is in its own order again.
            products[place] = joined.sorted { $0.index > $1.index }
            let gone = Set(joined)
            rest[place] = terms.filter { !gone.contains($0) }.sorted { $0.index < $1.index }
            for index in inner + joined.map(\.index) { isGone[index] = true }
        }
    }

    private static func sumsOverRows(_ node: Node) -> Bool {
        node.op == .dot(transposeLHS: true, transposeRHS: false) && node.type.shape.rank == 2
            && node.type.dtype.isFloating
    }
}
