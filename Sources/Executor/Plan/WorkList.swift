import Graph

/// All works of a step: which nodes must be computed, by whom, and what they read. Nodes that only name another's
/// storage (reshape, the result of an assignment) and broadcasts that their users see through need no work.
struct WorkList {
    /// The graph.
    let graph: LaneGraph
    /// Samples by lane.
    let cut: LaneCut
    /// In topological order.
    private(set) var works: [Work] = []
    /// Reductions over rows that become one contraction over all cores, each with the node that is the sum.
    private(set) var folded: [Int: Int] = [:]

    /// Elements up to which a uniform value is not worth a task.
    static let smallCount = 64
    /// Operations up to which per-replica work is not worth a task.
    static let smallWork = 16_384

    /// The works of a graph.
    init(_ graph: LaneGraph, cut: LaneCut) {
        self.graph = graph
        self.cut = cut
        findFolds()
        collect()
    }

    /// The value number of a reduction's shares.
    func partial(of reduction: Int) -> Int { graph.nodes.count + reduction }

    /// The place of the node whose storage holds a value.
    func storage(of value: ValueID) -> Int {
        var place = value.index
        while let operand = aliased(place) { place = operand }
        return place
    }

    private func aliased(_ place: Int) -> Int? {
        let node = graph.nodes[place]
        let isView =
            switch node.op.role {
            case .view: true
            case .replicaSum: graph.replicas == 1
            case .elementwise: node.op.kind == .convert && graph.nodes[node.operands[0].index].type == node.type
            case .stored, .contraction, .kernel: false
            }
        return isView ? node.operands[0].index : nil
    }

    /// True for nodes whose storage exists without work.
    func isStored(_ place: Int) -> Bool { graph.nodes[place].op.role == .stored }

    /// How the parts that lanes make of a reduction over rows are combined; nil for other nodes.
    func reduction(_ place: Int) -> Reduction? {
        guard case .part(let reduction)? = graph.batching[place]?.result else { return nil }
        return reduction
    }

    /// True for a reduction over rows.
    func isReduction(_ place: Int) -> Bool { reduction(place) != nil }

    // MARK: Building

    private mutating func findFolds() {
        let uses = graph.useCounts
        for (place, node) in graph.nodes.enumerated() {
            if graph.replicas == 1 {
                if isReduction(place), canFold(place) { folded[place] = place }
                continue
            }
            guard node.op == .crossReplicaSum else { continue }
            let operand = node.operands[0].index
            guard uses[operand] == 1, reduction(operand) == .sum, canFold(operand) else { continue }
            folded[operand] = place
        }
    }

    /// A lane's cores share one call when no operand changes from core to core.
    private func canFold(_ reduction: Int) -> Bool {
        reads(of: reduction).allSatisfy { graph.layouts[$0.value] == .rows || graph.replicas == 1 }
    }

    private mutating func collect() {
        let sums = Set(folded.filter { $0.key != $0.value }.values)
        let reductionOf = Dictionary(uniqueKeysWithValues: folded.map { ($0.value, $0.key) })
        var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
        for root in graph.roots { isNeeded[storage(of: root)] = true }
        var found: [Work] = []
        for place in graph.nodes.indices.reversed() {
            if case .assign(let variable) = graph.nodes[place].op {
                found.append(assignment(place, variable))
                continue
            }
            guard isNeeded[place], !isStored(place) else { continue }
            var new: [Work] = []
            if sums.contains(place) || isReduction(place) {
                // A sum that isn't in `sums` is a reduction itself.
                let reduction = reductionOf[place] ?? place
                new = reductionWorks(reduction, into: place)
            } else {
                new = [Work(body: body(place), node: place, kind: kind(place), value: place, reads: reads(of: place))]
            }
            for read in new.flatMap(\.reads) where read.value < graph.nodes.count { isNeeded[read.value] = true }
            found += new.reversed()
        }
        // Parts of a sum come where the contraction is and not where the sum over cores is, which may be much later: what
        // they read need not be kept until then.
        works = found.reversed().sorted { ($0.node, $0.body.isMerge ? 1 : 0) < ($1.node, $1.body.isMerge ? 1 : 0) }
    }

    private func assignment(_ place: Int, _ variable: Int) -> Work {
        let value = storage(of: graph.nodes[place].operands[0])
        let isChunked =
            graph.layouts[value] == .uniform && graph.variables[variable] == .uniform
            && graph.nodes[place].type.count > WorkList.smallCount
        return Work(
            body: .assign(variable: variable), node: place, kind: isChunked ? .chunk : .serial, value: nil,
            reads: [Read(value: value, access: isChunked ? .rows : .whole)])
    }

    private func reductionWorks(_ reduction: Int, into place: Int) -> [Work] {
        let isFolded = folded[reduction] != nil
        let parts = isFolded ? cut.lanes.count : cut.segmentsPerReplica
        let share = parts == 1 ? place : partial(of: reduction)
        let partial = Work(
            body: .partial, node: reduction, kind: .lane, value: share, reads: reads(of: reduction))
        guard parts > 1 else { return [partial] }
        let count = graph.nodes[place].type.count
        let kind: WorkKind =
            isFolded
            ? (count > WorkList.smallCount && self.reduction(reduction) == .sum ? .chunk : .serial)
            : (count * graph.replicas > WorkList.smallWork ? .replica : .serial)
        let merge = Work(
            body: .merge(reduction: reduction), node: place, kind: kind, value: place,
            reads: [Read(value: share, access: .whole)])
        return [partial, merge]
    }

    private func body(_ place: Int) -> WorkBody {
        let op = graph.nodes[place].op
        if case .crossReplicaGroupSum(let groups) = op { return .sumOverGroups(groups) }
        return op == .crossReplicaSum ? .sumOverReplicas : .compute
    }

    private func kind(_ place: Int) -> WorkKind {
        let node = graph.nodes[place]
        let count = node.type.count
        switch graph.layouts[place] {
        case .rows: return .lane
        case .uniform:
            let isSplit = node.op.isElementwise || node.op == .crossReplicaSum
            return isSplit && count > WorkList.smallCount ? .chunk : .serial
        case .perReplica:
            let flops = Cost.flops(node.op, node.operands.map { graph.nodes[$0.index].type }, node.type)
            return flops.adding(saturating: count).multiplied(saturating: graph.replicas) > WorkList.smallWork
                ? .replica : .serial
        }
    }

    // MARK: Reads

    private func reads(of place: Int) -> [Read] {
        let node = graph.nodes[place]
        let batching = graph.batching[place]
        return node.operands.enumerated().map { index, operand in
            if node.op.isElementwise { return view(operand, of: node.type, inLane: batching != nil, place) }
            if node.op == .sparseSoftmaxCrossEntropyGradient, index == 2 {
                // The kernel knows a number a row and one for all.
                let seen = view(
                    operand, of: TensorType(node.type.dtype, [node.type.shape[0]]), inLane: batching != nil, place)
                guard seen.access.stretch != nil else { return seen }
                return Read(value: storage(of: operand), access: .rows)
            }
            return Read(value: storage(of: operand), access: batching?.uses[index] == .samples ? .rows : .whole)
        }
    }

    /// An operand of an elementwise op seen through a broadcast, where the work can step over it.
    private func view(_ operand: ValueID, of type: TensorType, inLane: Bool, _ place: Int) -> Read {
        let node = graph.nodes[operand.index]
        let plain = Read(value: storage(of: operand), access: inLane || kind(place) == .chunk ? .rows : .whole)
        if case .constant(let literal) = node.op, literal.splat != nil, literal.type.count > 0 {
            return Read(value: operand.index, access: .scalar)
        }
        guard case .broadcast = node.op else { return plain }
        let source = node.operands[0]
        if graph.layouts[source.index] != .rows, graph.nodes[source.index].type.count == 1 {
            return Read(value: storage(of: source), access: .scalar)
        }
        guard inLane, let access = stretched(node, over: type) else { return plain }
        return Read(value: storage(of: source), access: access)
    }

    /// How a lane reads a stretched operand without its being stretched in memory; nil: it can't.
    private func stretched(_ node: Node, over type: TensorType) -> Access? {
        guard case .broadcast(_, let dimensions) = node.op, type.shape.rank > 0, type.count > 0,
            dimensions == dimensions.sorted()
        else { return nil }
        let source = node.operands[0]
        let shape = graph.nodes[source.index].type.shape
        let stretch = Stretch(shape, to: type.shape, dimensions: dimensions)
        let hasFirst = dimensions.first == 0 && shape[0] == type.shape[0]
        let count = type.count / graph.rules.batch
        guard LoopNest(count: count, cuts: stretch.cuts) != nil else { return nil }
        guard graph.layouts[source.index] == .rows else {
            return hasFirst && type.shape[0] > 1 ? nil : .stretched(stretch)
        }
        // Nothing was stretched where the one is as large as the other.
        return hasFirst ? (stretch.extents.count <= 1 && stretch.strides != [0] ? .rows : .stretchedRows(stretch)) : nil
    }
}
