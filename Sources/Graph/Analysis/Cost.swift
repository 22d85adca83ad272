/// What one step of a program costs on one core. Numbers beyond 64 bits are given as the bound.
package struct Cost: Sendable, Hashable {
    /// Floating and integer operations; a multiply-add counts two, a transcendental one.
    package let flops: Int
    /// Bytes that all nodes read and write, each operand and result once.
    package let bytes: Int

    /// The cost of a verified program. With several cores, `replicas` times what differs between them, once what doesn't.
    package init(_ program: Program, replicas: Int = 1) {
        let replication = Replication(program)
        func factor(_ spread: Replication.Spread) -> Int { spread == .uniform ? 1 : replicas }
        var flops = 0
        var bytes = 0
        for (place, node) in program.nodes.enumerated() {
            let operands = node.operands.map { program[$0].type }
            let copies = factor(replication.values[place])
            flops = flops.adding(
                saturating: Cost.flops(node.op, operands, node.type).multiplied(
                    saturating: node.op == .crossReplicaSum ? replicas : copies))
            let moved = operands.reduce(Cost.stored(node)) { $0.adding(saturating: $1.byteCount) }
            bytes = bytes.adding(saturating: moved.multiplied(saturating: copies))
        }
        self.flops = flops
        self.bytes = bytes
    }

    /// Bytes of a node's own result; none where it is another's storage seen again.
    private static func stored(_ node: Node) -> Int {
        switch node.op {
        case .readVariable, .reshape, .assign: 0
        default: node.type.byteCount
        }
    }

    /// Operations of one node: one row an op.
    package static func flops(_ op: Op, _ operands: [TensorType], _ result: TensorType) -> Int {
        switch op {
        case .infeed, .constant, .readVariable, .iota, .reshape, .broadcast, .transpose, .slice, .pad, .concatenate,
            .gather, .reverse, .replicaIndex, .assign:
            0
        case .unary, .binary, .compare, .logical, .select, .convert, .crossReplicaSum, .crossReplicaGroupSum:
            result.count
        case .reduce, .argMax: operands[0].count
        // Ten rounds of two multiplications for four words.
        case .randomUniform: result.count.multiplied(saturating: 5)
        case .dot(let left, _):
            result.count.multiplied(saturating: 2).multiplied(
                saturating: operands[0].shape[operands[0].shape.rank - (left ? 2 : 1)])
        // Maximum, difference, exponential, sum, quotient.
        case .softmax, .logSoftmax: result.count.multiplied(saturating: 5)
        case .sparseSoftmaxCrossEntropy: operands[0].count.multiplied(saturating: 4)
        case .sparseSoftmaxCrossEntropyGradient: result.count.multiplied(saturating: 6)
        case .convolution: convolution(result.count, filter: operands[1])
        case .convolutionInputGradient: convolution(operands[0].count, filter: operands[1])
        case .convolutionFilterGradient: convolution(operands[1].count, filter: result)
        case .pool(_, let window): window.cells.multiplied(saturating: result.count)
        case .maxPoolGradient(let window): window.cells.multiplied(saturating: operands[1].count)
        case .sumPoolGradient(let window, _): window.cells.multiplied(saturating: operands[0].count)
        case .scatterAdd: operands[1].count
        case .cumulativeSum: result.count
        }
    }

    /// A multiply-add for each of a filter's numbers that make one output, at each of so many outputs.
    private static func convolution(_ outputs: Int, filter: TensorType) -> Int {
        let taps = Shape(Array(filter.shape.dimensions.dropLast())).count
        return outputs.multiplied(saturating: taps).multiplied(saturating: 2)
    }
}
