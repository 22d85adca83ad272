import Graph

/// A program as the lane executor sees it: without dead nodes, with cross-replica sums moved to the contractions
/// that can accumulate over all cores, and with every value's layout.
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
    /// Layouts of the variables, uniform or per replica: the program's, then ``narrowCopies``.
    private(set) var variables: [ValueLayout]
    /// Types of the same.
    private(set) var variableTypes: [TensorType]
    /// The program's variables, by place, that a further one has in bfloat16: what products read. An update writes both.
    private(set) var narrowCopies: [Int] = []
    /// What may be read row by row.
    let rules: LayoutRules
    /// Simulated cores.
    let replicas: Int
    /// The first node of those whose lane instructions keep the nodes' order; nil where each comes as early as it can.
    private(set) var orderedFrom: ValueID?

    /// The graph of a verified program on so many cores.
    ///
    /// - Parameter keepsBFloat16: whether products of what was rounded to bfloat16 take it as such.
    init(_ program: Program, replicas: Int, keepsBFloat16: Bool = false) {
        nodes = program.nodes
        loss = program.loss
        outfeed = program.outfeed.map(\.value)
        assignments = program.assignments
        variables = [ValueLayout](repeating: .uniform, count: program.variables.count)
        variableTypes = program.variables.map(\.type)
        self.replicas = replicas
        rules = LayoutRules(
            batch: program.infeed.first { $0.shape.rank > 0 && $0.shape[0] > 0 }?.shape[0] ?? 0, replicas: replicas)
        rebuild { _, _ in nil }
        settle()
        if replicas > 1 {
            sinkSums()
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

    /// The node of a value.
    subscript(value: ValueID) -> Node { nodes[value.index] }

    /// The types of a node's operands.
    func operandTypes(of value: ValueID) -> [TensorType] { self[value].operands.map { self[$0].type } }

    /// The layout of a node's result; nil for partial sums.
    func layout(of value: LoweredValue) -> ValueLayout? { value.node.map { layouts[$0] } }

    /// Values that must be computed.
    var roots: [ValueID] { (loss.map { [$0] } ?? []) + outfeed + assignments }

    /// How often each value is used by nodes and as a root.
    var useCounts: [Int] {
        var counts = [Int](repeating: 0, count: nodes.count)
        for node in nodes { for operand in node.operands { counts[operand] += 1 } }
        for root in roots { counts[root] += 1 }
        return counts
    }

    /// The nodes that read each variable, by the variable's place.
    var variableReads: [[ValueID]] {
        var reads = [[ValueID]](repeating: [], count: variables.count)
        for value in ValueID.all(in: nodes) {
            if case .readVariable(let index) = self[value].op { reads[index].append(value) }
        }
        return reads
    }

    /// The variables that are assigned to, by place.
    var assigned: Set<Int> {
        Set(assignments.compactMap { if case .assign(let variable) = self[$0].op { variable } else { nil } })
    }

    /// Layouts to a fixed point: a variable is uniform until an assignment to it is not.
    private mutating func settle() {
        while true {
            layouts = rules.layouts(of: nodes, variables: variables)
            var isSettled = true
            for value in assignments {
                guard case .assign(let index) = self[value].op, layouts[value] != .uniform,
                    variables[index] == .uniform, replicas > 1
                else { continue }
                variables[index] = .perReplica
                isSettled = false
            }
            if isSettled { break }
        }
        batching = ValueID.all(in: nodes).map { value in
            let rule = rules.batching(of: self[value], in: nodes, layouts)
            // What gives samples, but not a whole number of them, is computed as a whole.
            return rule?.result == .samples && layouts[value] != .rows ? nil : rule
        }
    }

    /// Adds variables that have some of the program's in bfloat16; `replace` brings the nodes that read and assign them.
    mutating func addNarrowCopies(of copied: [Int]) {
        narrowCopies += copied
        variables += copied.map { _ in .uniform }
        variableTypes += copied.map { variableTypes[$0].with(.bfloat16) }
    }

    /// Takes other nodes, which compute the same: `mapping` says which of them each of the present ones is, `assigning` are
    /// further assignments among them.
    mutating func replace(
        _ nodes: [Node], mapping: [ValueID], assigning: [ValueID] = [], orderedFrom: ValueID?
    ) {
        self.nodes = nodes
        loss = loss.map { mapping[$0] }
        outfeed = outfeed.map { mapping[$0] }
        assignments = assignments.map { mapping[$0] } + assigning
        self.orderedFrom = orderedFrom
        settle()
    }

    /// Copies what the roots need into a new list of nodes; `replacement` may emit other nodes for one and say which
    /// stands for it.
    private mutating func rebuild(_ replacement: (ValueID, inout Emitter) -> ValueID?) {
        var isLive = [Bool](repeating: false, count: nodes.count)
        for root in roots { isLive[root] = true }
        for value in ValueID.all(in: nodes).reversed() where isLive[value] {
            for operand in self[value].operands { isLive[operand] = true }
        }
        var emitter = Emitter(count: nodes.count)
        for value in ValueID.all(in: nodes) where isLive[value] {
            let new = replacement(value, &emitter) ?? emitter.copy(self[value])
            emitter.mapping[value] = new
        }
        // Every root is live and so has its new node.
        loss = loss.map { emitter.mapping[$0]! }
        outfeed = outfeed.map { emitter.mapping[$0]! }
        assignments = assignments.map { emitter.mapping[$0]! }
        nodes = emitter.nodes
    }

    /// A list of nodes in the making.
    private struct Emitter {
        var nodes: [Node] = []
        /// By old node: the new one.
        var mapping: [ValueID?]

        init(count: Int) { mapping = [ValueID?](repeating: nil, count: count) }

        mutating func add(_ node: Node) -> ValueID {
            nodes.append(node)
            return ValueID(nodes.count - 1)
        }

        /// The same node of its operands' new nodes, which come before it.
        mutating func copy(_ node: Node) -> ValueID {
            var node = node
            node.operands = node.operands.map { mapping[$0]! }
            return add(node)
        }
    }
}

extension LaneGraph {
    /// Moves each cross-replica sum through linear ops down to contractions over the batch, where they become one:
    /// the sum over a core's rows, then over cores, is the sum over all rows.
    private mutating func sinkSums() {
        let old = self
        let uses = useCounts
        rebuild { value, emitter in
            guard old[value].op == .crossReplicaSum else { return nil }
            let operand = old[value].operands[0]
            guard old.canSink(operand, uses), !old.isReduction(operand) else { return nil }
            return old.emitSum(of: operand, named: old[value].name, uses, &emitter)
        }
    }

    private func isReduction(_ value: ValueID) -> Bool { batching[value]?.result == .partial(.sum) }

    /// Whether the sum of a value over cores can be moved to contractions that nobody else reads.
    private func canSink(_ value: ValueID, _ uses: [Int]) -> Bool {
        guard layouts[value] != .uniform, uses[value] == 1 else { return false }
        if isReduction(value) { return true }
        let operands = self[value].operands
        func isUniform(_ operand: ValueID) -> Bool { layouts[operand] == .uniform }
        switch self[value].op.linearity {
        case .alone: return canSink(operands[0], uses)
        case .factor:
            return canSink(operands[0], uses) && isUniform(operands[1])
                || isUniform(operands[0]) && canSink(operands[1], uses)
        case .dividend:
            return self[value].type.dtype.isFloating && canSink(operands[0], uses) && isUniform(operands[1])
        case .sum: return operands.allSatisfy { canSink($0, uses) || isUniform($0) }
        case nil: return false
        }
    }

    /// Emits nodes for the sum of a value that can sink; uniform operands of a sum count once a core.
    private func emitSum(of value: ValueID, named name: String, _ uses: [Int], _ emitter: inout Emitter) -> ValueID {
        let node = self[value]
        guard !isReduction(value), layouts[value] != .uniform else {
            // Operands come before the node, so that they have their new nodes.
            return emitter.add(
                Node(op: .crossReplicaSum, operands: [emitter.mapping[value]!], type: node.type, name: name))
        }
        var sum = node
        sum.operands = node.operands.map { operand in
            let isScaled = node.op.linearity == .factor || node.op.linearity == .dividend
            let isFactor = isScaled && layouts[operand] == .uniform
            // As above.
            return isFactor ? emitter.mapping[operand]! : emitSum(of: operand, named: name, uses, &emitter)
        }
        return emitter.add(sum)
    }
}
