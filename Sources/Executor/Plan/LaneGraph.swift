import Graph

/// A program as the lane executor sees it: without dead nodes, with cross-replica sums moved next to the contractions
/// that they fold into, and with every value's layout.
struct LaneGraph: Sendable {
    /// Nodes in topological order.
    private(set) var nodes: [Node]
    /// The loss.
    private(set) var loss: ValueID?
    /// Values handed out.
    private(set) var outfeed: [ValueID]
    /// The `assign` nodes in order of creation.
    private(set) var assignments: [ValueID]
    /// Layouts of the nodes' results.
    private(set) var layouts: [ValueLayout] = []
    /// How lanes compute the nodes; nil for those that they don't.
    private(set) var batching: [BatchingRule?] = []
    /// Layouts of the variables: uniform or per replica.
    private(set) var variables: [ValueLayout]
    /// What may be read row by row.
    let rules: LayoutRules
    /// Simulated cores.
    let replicas: Int
    /// The first node of those whose lane works keep the nodes' order; nil where each comes as early as it can.
    private(set) var orderedFrom: Int?

    /// The graph of a verified program on so many cores.
    ///
    /// - Parameter keepsBFloat16: whether products of what was rounded to bfloat16 take it as such.
    init(_ program: Program, replicas: Int, keepsBFloat16: Bool = false) {
        nodes = program.nodes
        loss = program.loss
        outfeed = program.outfeed.map(\.value)
        assignments = program.assignments
        variables = [ValueLayout](repeating: .uniform, count: program.variables.count)
        self.replicas = replicas
        rules = LayoutRules(
            batch: program.infeed.first { $0.shape.rank > 0 && $0.shape[0] > 0 }?.shape[0] ?? 0, replicas: replicas)
        rebuild { _, _ in nil }
        settle()
        if replicas > 1 {
            foldSums()
            // What the moved sums replaced would count as a further user of the contractions, which then stay apart.
            dropDead()
        }
        if keepsBFloat16 { storeBFloat16() }
    }

    /// Leaves out what no root needs.
    mutating func dropDead() {
        rebuild { _, _ in nil }
        settle()
    }

    /// Values that must be computed.
    var roots: [ValueID] { (loss.map { [$0] } ?? []) + outfeed + assignments }

    /// How often each value is used by nodes and as a root.
    var useCounts: [Int] {
        var counts = [Int](repeating: 0, count: nodes.count)
        for node in nodes { for operand in node.operands { counts[operand.index] += 1 } }
        for root in roots { counts[root.index] += 1 }
        return counts
    }

    /// The nodes that read each variable, by the variable's place.
    var variableReads: [[Int]] {
        var reads = [[Int]](repeating: [], count: variables.count)
        for (place, node) in nodes.enumerated() {
            if case .readVariable(let index) = node.op { reads[index].append(place) }
        }
        return reads
    }

    /// Layouts to a fixed point: a variable is uniform until an assignment to it is not.
    private mutating func settle() {
        while true {
            layouts = rules.layouts(of: nodes, variables: variables)
            var isSettled = true
            for value in assignments {
                guard case .assign(let index) = nodes[value.index].op, layouts[value.index] != .uniform,
                    variables[index] == .uniform, replicas > 1
                else { continue }
                variables[index] = .perReplica
                isSettled = false
            }
            if isSettled { break }
        }
        batching = nodes.indices.map { place in
            let rule = rules.batching(of: nodes[place], in: nodes, layouts)
            // What gives samples, but not a whole number of them, is computed as a whole.
            return rule?.result == .samples && layouts[place] != .rows ? nil : rule
        }
    }

    /// Takes other nodes, which compute the same: `places` says where each of the present ones is among them.
    mutating func replace(_ nodes: [Node], places: [ValueID], orderedFrom: Int?) {
        self.nodes = nodes
        loss = loss.map { places[$0.index] }
        outfeed = outfeed.map { places[$0.index] }
        assignments = assignments.map { places[$0.index] }
        self.orderedFrom = orderedFrom
        settle()
    }

    /// Copies what the roots need into a new list of nodes; `replacement` may emit other nodes for one and say which
    /// stands for it.
    private mutating func rebuild(_ replacement: (Int, inout Emitter) -> ValueID?) {
        var isLive = [Bool](repeating: false, count: nodes.count)
        for root in roots { isLive[root.index] = true }
        for place in nodes.indices.reversed() where isLive[place] {
            for operand in nodes[place].operands { isLive[operand.index] = true }
        }
        var emitter = Emitter(count: nodes.count)
        for place in nodes.indices where isLive[place] {
            if let value = replacement(place, &emitter) {
                emitter.map[place] = value
            } else {
                emitter.map[place] = emitter.copy(nodes[place])
            }
        }
        // Every root is live and so has its place.
        loss = loss.map { emitter.map[$0.index]! }
        outfeed = outfeed.map { emitter.map[$0.index]! }
        assignments = assignments.map { emitter.map[$0.index]! }
        nodes = emitter.nodes
    }

    /// A list of nodes in the making.
    private struct Emitter {
        var nodes: [Node] = []
        /// New places of old nodes.
        var map: [ValueID?]

        init(count: Int) { map = [ValueID?](repeating: nil, count: count) }

        mutating func add(_ node: Node) -> ValueID {
            nodes.append(node)
            return ValueID(nodes.count - 1)
        }

        /// The same node on the new places of its operands, which come before it.
        mutating func copy(_ node: Node) -> ValueID {
            var node = node
            node.operands = node.operands.map { map[$0.index]! }
            return add(node)
        }
    }
}

extension LaneGraph {
    /// Moves each cross-replica sum through linear ops down to contractions over the batch, where they become one:
    /// the sum over a core's rows, then over cores, is the sum over all rows.
    private mutating func foldSums() {
        let old = self
        let uses = useCounts
        rebuild { place, emitter in
            guard old.nodes[place].op == .crossReplicaSum else { return nil }
            let operand = old.nodes[place].operands[0].index
            guard old.folds(operand, uses), !old.isReduction(operand) else { return nil }
            return old.emitSum(of: operand, named: old.nodes[place].name, uses, &emitter)
        }
    }

    private func isReduction(_ place: Int) -> Bool { batching[place]?.result == .part(.sum) }

    /// Whether the sum of a value over cores can be moved to contractions that nobody else reads.
    private func folds(_ place: Int, _ uses: [Int]) -> Bool {
        guard layouts[place] != .uniform, uses[place] == 1 else { return false }
        if isReduction(place) { return true }
        let operands = nodes[place].operands.map(\.index)
        func isUniform(_ operand: Int) -> Bool { layouts[operand] == .uniform }
        switch nodes[place].op.linearity {
        case .alone: return folds(operands[0], uses)
        case .factor:
            return folds(operands[0], uses) && isUniform(operands[1])
                || isUniform(operands[0]) && folds(operands[1], uses)
        case .dividend:
            return nodes[place].type.dtype.isFloating && folds(operands[0], uses) && isUniform(operands[1])
        case .sum: return operands.allSatisfy { folds($0, uses) || isUniform($0) }
        case nil: return false
        }
    }

    /// Emits nodes for the sum of a value that folds; uniform operands of a sum count once a core.
    private func emitSum(of place: Int, named name: String, _ uses: [Int], _ emitter: inout Emitter) -> ValueID {
        let node = nodes[place]
        guard !isReduction(place), layouts[place] != .uniform else {
            // Operands come before the node, so that they have their place.
            return emitter.add(
                Node(op: .crossReplicaSum, operands: [emitter.map[place]!], type: node.type, name: name))
        }
        var sum = node
        sum.operands = node.operands.map { operand in
            let isScaled = node.op.linearity == .factor || node.op.linearity == .dividend
            let isFactor = isScaled && layouts[operand.index] == .uniform
            // As above.
            return isFactor
                ? emitter.map[operand.index]! : emitSum(of: operand.index, named: name, uses, &emitter)
        }
        return emitter.add(sum)
    }
}
