import Graph

/// A graph lowered to the instructions of a step: which nodes must be computed, over what grid, from what arguments.
/// Nodes that only name another's storage (reshape, the result of an assignment) and broadcasts that their users see through
/// need no instruction.
struct Lowering {
    /// The graph.
    let graph: LaneGraph
    /// Samples by lane.
    let partition: LanePartition
    /// In topological order.
    private(set) var instructions: [Instruction] = []
    /// Reductions over rows that accumulate over all cores in one contraction, each with the node that is the sum.
    private(set) var accumulated: [ValueID: ValueID] = [:]

    /// Elements up to which a uniform value is not worth a task.
    static let smallCount = 64
    /// Operations up to which per-replica instructions are not worth a task.
    static let smallOperations = 16_384

    /// The instructions of a graph.
    init(_ graph: LaneGraph, partition: LanePartition) {
        self.graph = graph
        self.partition = partition
        findAccumulated()
        collect()
    }

    /// The node whose storage holds a value.
    func storage(of value: ValueID) -> ValueID {
        var owner = value
        while let operand = aliased(owner) { owner = operand }
        return owner
    }

    private func aliased(_ value: ValueID) -> ValueID? {
        let node = graph[value]
        let isView =
            switch node.op.role {
            case .view: true
            case .replicaSum: graph.replicas == 1
            case .elementwise: node.op.kind == .convert && graph[node.operands[0]].type == node.type
            case .stored, .contraction, .kernel: false
            }
        return isView ? node.operands[0] : nil
    }

    /// True for nodes whose storage exists without an instruction.
    func isStored(_ value: ValueID) -> Bool { graph[value].op.role == .stored }

    /// How the partial sums that lanes make of a reduction over rows are combined; nil for other nodes.
    func reduction(_ value: ValueID) -> Reduction? {
        guard case .partial(let reduction)? = graph.batching[value]?.result else { return nil }
        return reduction
    }

    /// True for a reduction over rows.
    func isReduction(_ value: ValueID) -> Bool { reduction(value) != nil }

    /// Partial sums that are made of a reduction, for all cores together where it accumulates over them, else for each.
    func partialCount(of reduction: ValueID) -> Int {
        accumulated[reduction] == nil ? partition.segmentsPerReplica : partition.chains.count
    }

    // MARK: Building

    private mutating func findAccumulated() {
        let uses = graph.useCounts
        for id in ValueID.all(in: graph.nodes) {
            if graph.replicas == 1 {
                if isReduction(id), canAccumulate(id) { accumulated[id] = id }
                continue
            }
            guard graph[id].op == .crossReplicaSum else { continue }
            let operand = graph[id].operands[0]
            guard uses[operand] == 1, reduction(operand) == .sum, canAccumulate(operand) else { continue }
            accumulated[operand] = id
        }
    }

    /// A lane's cores share one call when no operand changes from core to core.
    private func canAccumulate(_ reduction: ValueID) -> Bool {
        arguments(of: reduction).allSatisfy { graph.layout(of: $0.value) == .rows || graph.replicas == 1 }
    }

    private mutating func collect() {
        let sums = Set(accumulated.filter { $0.key != $0.value }.values)
        let reductionOf = Dictionary(uniqueKeysWithValues: accumulated.map { ($0.value, $0.key) })
        var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
        for root in graph.roots { isNeeded[storage(of: root)] = true }
        var found: [Instruction] = []
        for id in ValueID.all(in: graph.nodes).reversed() {
            if case .assign(let variable) = graph[id].op {
                found.append(assignment(id, variable))
                continue
            }
            guard isNeeded[id], !isStored(id) else { continue }
            var new: [Instruction] = []
            if sums.contains(id) || isReduction(id) {
                // A sum that isn't in `sums` is a reduction itself.
                new = reductionInstructions(reductionOf[id] ?? id, into: id)
            } else {
                new = [
                    Instruction(
                        body: body(id), node: id, grid: grid(id), result: .result(id), arguments: arguments(of: id))
                ]
            }
            for operand in new.flatMap(\.arguments).compactMap(\.value.node) { isNeeded[operand] = true }
            found += new.reversed()
        }
        // Partial sums come where the contraction is and not where the sum over cores is, which may be much later: what
        // they read need not live until then.
        instructions = found.reversed().sorted {
            ($0.node, $0.body.isMerge ? 1 : 0) < ($1.node, $1.body.isMerge ? 1 : 0)
        }
    }

    private func assignment(_ id: ValueID, _ variable: Int) -> Instruction {
        let value = storage(of: graph[id].operands[0])
        let isChunked =
            graph.layouts[value] == .uniform && graph.variables[variable] == .uniform
            && graph[id].type.count > Lowering.smallCount
        return Instruction(
            body: .assign(variable: variable), node: id, grid: isChunked ? .chunk : .serial, result: nil,
            arguments: [Argument(value: .result(value), indexing: isChunked ? .rows : .whole)])
    }

    private func reductionInstructions(_ reduction: ValueID, into sum: ValueID) -> [Instruction] {
        let isWhole = partialCount(of: reduction) == 1
        let partials: LoweredValue = isWhole ? .result(sum) : .partials(of: reduction)
        let partial = Instruction(
            body: .partial, node: reduction, grid: .lane, result: partials, arguments: arguments(of: reduction))
        if isWhole { return [partial] }
        let count = graph[sum].type.count
        let grid: Grid =
            accumulated[reduction] != nil
            ? (count > Lowering.smallCount && self.reduction(reduction) == .sum ? .chunk : .serial)
            : (count * graph.replicas > Lowering.smallOperations ? .replica : .serial)
        let merge = Instruction(
            body: .merge(reduction: reduction), node: sum, grid: grid, result: .result(sum),
            arguments: [Argument(value: partials, indexing: .whole)])
        return [partial, merge]
    }

    private func body(_ id: ValueID) -> Instruction.Body {
        let op = graph[id].op
        if case .crossReplicaGroupSum(let groups) = op { return .sumOverGroups(groups) }
        return op == .crossReplicaSum ? .sumOverReplicas : .compute
    }

    private func grid(_ id: ValueID) -> Grid {
        let node = graph[id]
        let count = node.type.count
        switch graph.layouts[id] {
        case .rows: return .lane
        case .uniform:
            let isSplit = node.op.isElementwise || node.op == .crossReplicaSum
            return isSplit && count > Lowering.smallCount ? .chunk : .serial
        case .perReplica:
            let flops = Cost.flops(node.op, graph.operandTypes(of: id), node.type)
            return flops.adding(saturating: count).multiplied(saturating: graph.replicas) > Lowering.smallOperations
                ? .replica : .serial
        }
    }

    // MARK: Arguments

    private func arguments(of id: ValueID) -> [Argument] {
        let node = graph[id]
        let batching = graph.batching[id]
        return node.operands.enumerated().map { index, operand in
            if node.op.isElementwise { return view(operand, of: node.type, inLane: batching != nil, id) }
            if node.op == .sparseSoftmaxCrossEntropyGradient, index == 2 {
                // The kernel knows a number a row and one for all.
                let seen = view(
                    operand, of: TensorType(node.type.dtype, [node.type.shape[0]]), inLane: batching != nil, id)
                guard seen.indexing.stretch != nil else { return seen }
                return argument(operand, .rows)
            }
            return argument(operand, batching?.uses[index] == .samples ? .rows : .whole)
        }
    }

    /// An argument for which the storage of a value is read.
    private func argument(_ value: ValueID, _ indexing: Argument.Indexing) -> Argument {
        Argument(value: .result(storage(of: value)), indexing: indexing)
    }

    /// An operand of an elementwise op seen through a broadcast, where the instruction can step over it.
    private func view(_ operand: ValueID, of type: TensorType, inLane: Bool, _ user: ValueID) -> Argument {
        let node = graph[operand]
        let plain = argument(operand, inLane || grid(user) == .chunk ? .rows : .whole)
        if case .constant(let literal) = node.op, literal.splat != nil, literal.type.count > 0 {
            return Argument(value: .result(operand), indexing: .scalar)
        }
        guard case .broadcast = node.op else { return plain }
        let source = node.operands[0]
        if graph.layouts[source] != .rows, graph[source].type.count == 1 { return argument(source, .scalar) }
        guard inLane, let indexing = stretched(node, over: type) else { return plain }
        return argument(source, indexing)
    }

    /// How a lane reads a stretched operand without its being stretched in memory; nil: it can't.
    private func stretched(_ node: Node, over type: TensorType) -> Argument.Indexing? {
        guard case .broadcast(_, let dimensions) = node.op, type.shape.rank > 0, type.count > 0,
            dimensions == dimensions.sorted()
        else { return nil }
        let source = node.operands[0]
        let shape = graph[source].type.shape
        let stretch = Stretch(shape, to: type.shape, dimensions: dimensions)
        let hasFirst = dimensions.first == 0 && shape[0] == type.shape[0]
        let count = type.count / graph.rules.batch
        guard LoopNest(count: count, splits: stretch.splits) != nil else { return nil }
        guard graph.layouts[source] == .rows else {
            return hasFirst && type.shape[0] > 1 ? nil : .stretched(stretch)
        }
        // Nothing was stretched where the one is as large as the other.
        return hasFirst ? (stretch.extents.count <= 1 && stretch.strides != [0] ? .rows : .stretchedRows(stretch)) : nil
    }
}
