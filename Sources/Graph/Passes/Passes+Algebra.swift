extension Passes {
    /// Replaces nodes by simpler ones of the very same value: transposes go into products and into one another,
    /// reshapes join, what changes nothing goes.
    package static let algebra = Pass("algebra") { program throws(GraphError) in
        var rewriter = Rewriter(program)
        for node in program.nodes {
            let operands = node.operands.map(rewriter.moved)
            switch simplified(node, operands, in: rewriter.new) {
            case .value(let value): rewriter.map(to: value)
            case .node(let op, let operands): rewriter.map(to: try rewriter.emit(op, operands, name: node.name))
            }
        }
        return rewriter.finished()
    }

    /// One sum over the cores in place of two: a sum (or difference) of two cross-replica sums that nothing else uses
    /// becomes the cross-replica sum of the sum. Equal but for rounding.
    package static let joinReplicaSums = Pass("joinReplicaSums") { program throws(GraphError) in
        let uses = program.useCounts
        var rewriter = Rewriter(program)
        for node in program.nodes {
            let isSum = node.op == .binary(.add) || node.op == .binary(.subtract)
            let areReplicaSums = node.operands.allSatisfy {
                program[$0].op == .crossReplicaSum && uses[$0.index] == 1
            }
            guard isSum, areReplicaSums else {
                rewriter.map(to: try rewriter.emit(node.op, node.operands.map(rewriter.moved), name: node.name))
                continue
            }
            let inner = node.operands.map { rewriter.moved(program[$0].operands[0]) }
            let sum = try rewriter.emit(node.op, inner, name: node.name)
            rewriter.map(to: try rewriter.emit(.crossReplicaSum, [sum], name: "\(node.name)/CrossReplicaSum"))
        }
        return rewriter.finished()
    }

    /// What a node becomes.
    private enum Simplified {
        case value(ValueID)
        case node(Op, [ValueID])
    }

    private static func simplified(_ node: Node, _ x: [ValueID], in program: Program) -> Simplified {
        switch node.op {
        case .transpose(let permutation):
            if case .transpose(let inner) = program[x[0]].op {
                let joined = permutation.map { inner[$0] }
                if joined == Array(joined.indices) { return .value(program[x[0]].operands[0]) }
                return .node(.transpose(permutation: joined), program[x[0]].operands)
            }
            return permutation == Array(permutation.indices) ? .value(x[0]) : .node(node.op, x)
        case .reshape(let shape):
            if program[x[0]].type.shape == shape { return .value(x[0]) }
            guard case .reshape = program[x[0]].op else { return .node(node.op, x) }
            let source = program[x[0]].operands[0]
            return program[source].type.shape == shape ? .value(source) : .node(node.op, [source])
        case .dot(let left, let right):
            let (a, leftFlips) = withoutTranspose(x[0], in: program)
            let (b, rightFlips) = withoutTranspose(x[1], in: program)
            return .node(.dot(transposeLHS: left != leftFlips, transposeRHS: right != rightFlips), [a, b])
        case .convert(let dtype):
            return program[x[0]].type.dtype == dtype ? .value(x[0]) : .node(node.op, x)
        case .broadcast, .slice:
            // The same type means that nothing was stretched or cut off.
            return program[x[0]].type == node.type ? .value(x[0]) : .node(node.op, x)
        case .concatenate:
            return x.count == 1 ? .value(x[0]) : .node(node.op, x)
        case .binary(let op):
            return isNeutral(x[1], for: op, in: program) ? .value(x[0]) : .node(node.op, x)
        case .unary(.negate), .unary(.not):
            return program[x[0]].op == node.op ? .value(program[x[0]].operands[0]) : .node(node.op, x)
        case .unary(.roundToBFloat16):
            return program[x[0]].op == node.op ? .value(x[0]) : .node(node.op, x)
        case .infeed, .constant, .readVariable, .iota, .randomUniform, .unary, .compare, .logical, .select, .pad,
            .reduce,
            .argMax, .softmax, .logSoftmax, .sparseSoftmaxCrossEntropy, .sparseSoftmaxCrossEntropyGradient,
            .convolution, .convolutionInputGradient, .convolutionFilterGradient, .pool, .maxPoolGradient,
            .sumPoolGradient, .gather, .scatterAdd, .reverse, .cumulativeSum, .crossReplicaSum,
            .crossReplicaGroupSum, .replicaIndex, .assign:
            return .node(node.op, x)
        }
    }

    /// A product's operand without a transpose of its last two axes, and whether there was one.
    private static func withoutTranspose(_ value: ValueID, in program: Program) -> (ValueID, Bool) {
        guard case .transpose(let permutation) = program[value].op else { return (value, false) }
        var swapped = Array(permutation.indices)
        swapped.swapAt(swapped.count - 1, swapped.count - 2)
        return permutation == swapped ? (program[value].operands[0], true) : (value, false)
    }

    /// True for a right operand that changes no bit of the left one: · 1, / 1, − 0, to the power of 1. (x + 0 is not
    /// here: it makes 0 of −0.)
    private static func isNeutral(_ value: ValueID, for op: BinaryOp, in program: Program) -> Bool {
        var node = program[value]
        if case .broadcast = node.op { node = program[node.operands[0]] }
        guard case .constant(let literal) = node.op, let splat = literal.splat else { return false }
        switch op {
        case .multiply, .divide, .power: return splat == 1
        case .subtract: return splat == 0 && splat.sign == .plus
        case .add, .remainder, .maximum, .minimum, .squaredDifference: return false
        }
    }
}
