/// Rewritings that keep a program's meaning. Each is a value with a name; `run` verifies behind every one.
package struct Pass: Sendable {
    /// What error messages call it.
    package let name: String
    /// The rewriting.
    package let rewrite: @Sendable (Program) throws(GraphError) -> Program

    /// A pass of this name.
    package init(_ name: String, rewrite: @escaping @Sendable (Program) throws(GraphError) -> Program) {
        self.name = name
        self.rewrite = rewrite
    }
}

/// The passes that every program goes through before it is run.
package enum Passes {
    /// The value of an op with constant operands; nil where it has none without running. The reference kernels are it.
    package typealias Evaluator = @Sendable (Op, [Literal], TensorType) -> Literal?

    /// The usual order. Without an evaluator constants are not folded.
    package static func standard(evaluate: Evaluator? = nil) -> [Pass] {
        [deadCode] + (evaluate.map { [foldConstants($0)] } ?? []) + [
            algebra, commonSubexpressions, joinProducts, multiplyTables, joinReplicaSums, algebra,
            commonSubexpressions, deadCode,
        ]
    }

    /// Runs passes one after the other, each verified; a fault names the pass.
    package static func run(_ passes: [Pass], on program: Program) throws(GraphError) -> Program {
        var program = program
        for pass in passes {
            do throws(GraphError) {
                program = try pass.rewrite(program)
                try Verifier.verify(program)
            } catch {
                throw GraphError(error.code, "pass \(pass.name): \(error.detail)", op: error.op, node: error.node)
            }
        }
        return program
    }

    /// `standard` on a program.
    package static func optimize(_ program: Program, evaluate: Evaluator? = nil) throws(GraphError) -> Program {
        try run(standard(evaluate: evaluate), on: program)
    }

    /// Drops what neither loss, outfeed nor assignments need.
    package static let deadCode = Pass("deadCode") { program throws(GraphError) in
        var isNeeded = [Bool](repeating: false, count: program.nodes.count)
        for root in program.roots { isNeeded[root.index] = true }
        for place in program.nodes.indices.reversed() where isNeeded[place] {
            for operand in program.nodes[place].operands { isNeeded[operand.index] = true }
        }
        var rewriter = Rewriter(program)
        for (place, node) in program.nodes.enumerated() {
            guard isNeeded[place] else {
                rewriter.map(to: ValueID(-1))
                continue
            }
            rewriter.map(to: try rewriter.emit(node.op, node.operands.map(rewriter.moved), name: node.name))
        }
        return rewriter.finished()
    }

    /// Computes a thing once: nodes of the same op on the same operands become one. (No two assignments are
    /// the same: a variable has one at most.)
    package static let commonSubexpressions = Pass("commonSubexpressions") { program throws(GraphError) in
        struct Key: Hashable {
            let op: Op
            let operands: [ValueID]
        }
        var known = [Key: ValueID](minimumCapacity: program.nodes.count)
        var rewriter = Rewriter(program)
        for node in program.nodes {
            let key = Key(op: node.op, operands: node.operands.map(rewriter.moved))
            if let value = known[key] {
                rewriter.map(to: value)
                continue
            }
            let value = try rewriter.emit(node.op, key.operands, name: node.name)
            known[key] = value
            rewriter.map(to: value)
        }
        return rewriter.finished()
    }

    /// Computes what depends on constants alone, up to 4,096 elements. Broadcasts stay: they cost nothing where used.
    package static func foldConstants(_ evaluate: @escaping Evaluator) -> Pass {
        Pass("foldConstants") { program throws(GraphError) in
            var rewriter = Rewriter(program)
            for node in program.nodes {
                let operands = node.operands.map(rewriter.moved)
                var literals: [Literal] = []
                for operand in operands {
                    if case .constant(let literal) = rewriter.new[operand].op { literals.append(literal) }
                }
                let isFoldable =
                    !operands.isEmpty && literals.count == operands.count && node.type.count <= 4096
                    && !node.op.hasEffect && node.op.kind != .broadcast
                if isFoldable, let literal = evaluate(node.op, literals, node.type) {
                    rewriter.map(to: try rewriter.emit(.constant(literal), [], name: node.name))
                } else {
                    rewriter.map(to: try rewriter.emit(node.op, operands, name: node.name))
                }
            }
            return rewriter.finished()
        }
    }
}
