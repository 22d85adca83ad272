import Graph

/// How a value lies in memory over the simulated cores. Per-replica values always lie core after core, so that a value
/// whose first axis is the batch is at the same time the global batch in row order.
enum ValueLayout: Sendable, Hashable {
    /// The same on all cores: stored once.
    case uniform
    /// One value a core, made of one block a sample; each block depends on that sample of its per-row operands alone.
    /// Lanes may compute such a value piece by piece, wherever one core's part ends.
    case rows
    /// One value a core.
    case perReplica
}

/// Which operands a lane may read row by row, and what comes of them: one row an op.
struct LayoutRules: Sendable {
    /// Samples in one core's batch; 0 when no infeed element has a batch axis.
    let batch: Int
    /// With one core there is no difference between per replica and uniform.
    let replicas: Int

    /// Layouts of all nodes' results, given those of the variables.
    func layouts(of nodes: [Node], variables: [ValueLayout]) -> [ValueLayout] {
        var layouts: [ValueLayout] = []
        for node in nodes { layouts.append(layout(node, nodes, layouts, variables)) }
        return layouts
    }

    /// True for a sum, maximum … over the batch axis of rows: each lane computes its own, and they are merged.
    func isReductionOverRows(_ node: Node, _ layouts: [ValueLayout]) -> Bool {
        guard node.operands.contains(where: { layouts[$0.index] == .rows }) else { return false }
        switch node.op {
        case .dot(transposeLHS: true, transposeRHS: false): return node.type.shape.rank == 2
        case .reduce(_, let axes): return axes.first == 0
        case .convolutionFilterGradient, .scatterAdd: return true
        default: return false
        }
    }

    /// True when the value's first axis is cut into whole samples.
    func hasSamples(_ shape: Shape) -> Bool { batch > 0 && shape.rank > 0 && shape[0] > 0 && shape[0] % batch == 0 }

    private func layout(
        _ node: Node, _ nodes: [Node], _ layouts: [ValueLayout], _ variables: [ValueLayout]
    ) -> ValueLayout {
        let perReplica: ValueLayout = replicas == 1 ? .uniform : .perReplica
        switch node.op {
        case .infeed: return hasSamples(node.type.shape) ? .rows : perReplica
        case .replicaIndex: return perReplica
        case .readVariable(let index): return variables[index]
        case .crossReplicaSum where replicas > 1: return .uniform
        default: break
        }
        let operands = node.operands.map { layouts[$0.index] }
        let types = node.operands.map { nodes[$0.index].type }
        if operands.contains(.rows), hasSamples(node.type.shape), keepsRows(node, operands, types) { return .rows }
        return operands.allSatisfy { $0 == .uniform } ? .uniform : perReplica
    }

    /// Whether the result's rows depend on the operands' rows one by one; at least one operand has rows.
    private func keepsRows(_ node: Node, _ operands: [ValueLayout], _ types: [TensorType]) -> Bool {
        let rank = node.type.shape.rank
        switch node.op {
        case .unary, .binary, .compare, .logical, .select, .convert, .reshape, .assign, .crossReplicaSum,
            .sparseSoftmaxCrossEntropy, .sparseSoftmaxCrossEntropyGradient:
            return true
        case .broadcast(let shape, let dimensions):
            return dimensions.first == 0 && types[0].shape[0] == shape[0]
        case .transpose(let permutation): return permutation[0] == 0
        case .slice(let starts, let limits, let strides):
            return starts[0] == 0 && limits[0] == types[0].shape[0] && strides[0] == 1
        case .pad(let low, let high, let interior):
            return operands[1] != .rows && low[0] == 0 && high[0] == 0 && interior[0] == 0
        case .concatenate(let axis): return axis > 0
        case .dot(let transposeLHS, _):
            // Without batch axes rows are those of the left matrix, and the right one is the same for all of them.
            return rank > 2 || !transposeLHS && operands[0] == .rows && operands[1] != .rows
        case .reduce(_, let axes): return axes.first != 0
        // The filter is the same for all rows.
        case .convolution, .convolutionInputGradient: return operands[0] == .rows && operands[1] != .rows
        case .pool, .maxPoolGradient, .sumPoolGradient: return true
        // The table is the same for all rows.
        case .gather: return operands[1] == .rows && operands[0] != .rows
        case .reverse(let axes): return axes.first != 0
        case .cumulativeSum(let axis, _): return axis > 0
        case .convolutionFilterGradient, .scatterAdd: return false
        case .argMax(let axis): return axis > 0
        case .softmax, .logSoftmax: return rank > 1
        case .infeed, .constant, .readVariable, .iota, .randomUniform, .replicaIndex: return false
        }
    }
}
