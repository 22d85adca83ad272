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

/// What the layouts of values follow from: ``BatchingRule`` has the ops' part.
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

    /// How a node is computed for some samples, given the layouts of its operands; nil where it needs all at once.
    func batching(of node: Node, in nodes: [Node], _ layouts: [ValueLayout]) -> BatchingRule? {
        BatchingRule(
            node, operands: node.operands.map { nodes[$0].type }, areSamples: node.operands.map { layouts[$0] == .rows }
        )
    }

    /// True when the value's first axis is made of whole samples.
    func hasSamples(_ shape: Shape) -> Bool { batch > 0 && shape.rank > 0 && shape[0] > 0 && shape[0] % batch == 0 }

    private func layout(
        _ node: Node, _ nodes: [Node], _ layouts: [ValueLayout], _ variables: [ValueLayout]
    ) -> ValueLayout {
        let perReplica: ValueLayout = replicas == 1 ? .uniform : .perReplica
        switch node.op.role {
        case .stored:
            if case .readVariable(let index) = node.op { return variables[index] }
            if case .infeed = node.op { return hasSamples(node.type.shape) ? .rows : perReplica }
            return node.op == .replicaIndex ? perReplica : .uniform
        case .replicaSum: if replicas > 1 { return .uniform }
        case .view, .elementwise, .contraction, .kernel: break
        }
        if hasSamples(node.type.shape), batching(of: node, in: nodes, layouts)?.result == .samples { return .rows }
        return node.operands.allSatisfy { layouts[$0] == .uniform } ? .uniform : perReplica
    }
}
