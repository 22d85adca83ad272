import Graph

extension LaneGraph {
    /// Keeps in bfloat16, two bytes an element, what was rounded to it and a product or convolution takes, so that the
    /// processor multiplies in bfloat16 with sums in float32. No number changes but for the order of these sums.
    ///
    /// A product takes bfloat16 where both of its operands were rounded. Its result is written as bfloat16 where nothing
    /// but a rounding reads it and none of the users behind that needs float32. Elementwise ops and sums over rows read
    /// such values as they are; all others read the float32 that stays beside them. Of a variable that products read there is
    /// a copy in bfloat16 from step to step, which the optimizer's pass writes with the variable.
    mutating func storeBFloat16() {
        guard let storage = BFloat16Storage(self) else { return }
        addNarrowCopies(of: storage.copied)
        replace(storage.nodes, mapping: storage.mapping, assigning: storage.refreshes, orderedFrom: orderedFrom)
        dropDead()
    }
}

/// A graph's nodes with what products take in bfloat16, in the making.
private struct BFloat16Storage {
    private let graph: LaneGraph
    /// Nodes that read each node.
    private let users: [[ValueID]]
    /// Values that nobody reads, or that the step's end looks at.
    private let isRoot: [Bool]
    /// Products whose two operands were rounded.
    private var isProduct: [Bool]
    /// Values that there are in bfloat16.
    private var isNarrow: [Bool]
    /// Those that there are in bfloat16 alone: products and what stands between them and their rounding.
    private var isAlone: [Bool]
    /// In topological order.
    private(set) var nodes: [Node] = []
    /// By node of the graph: the new one.
    private(set) var mapping: [ValueID] = []
    /// Where each value is in bfloat16.
    private var narrow: [ValueID?]
    /// The variables that are kept in bfloat16 as well, by place.
    private(set) var copied: [Int] = []
    /// The assignments to these copies.
    private(set) var refreshes: [ValueID] = []

    /// Nil where no product takes bfloat16.
    init?(_ graph: LaneGraph) {
        self.graph = graph
        var users = [[ValueID]](repeating: [], count: graph.nodes.count)
        var isRounded = [Bool](repeating: false, count: graph.nodes.count)
        var isProduct = isRounded
        for value in ValueID.all(in: graph.nodes) {
            let node = graph[value]
            for operand in node.operands { users[operand].append(value) }
            let operands = node.operands.map { isRounded[$0] }
            isRounded[value] = node.type.dtype == .float32 && BFloat16Storage.isRounded(node, operands)
            isProduct[value] =
                node.type.dtype == .float32 && operands.allSatisfy { $0 }
                && node.op.multipliesBFloat16(graph.operandTypes(of: value))
        }
        guard isProduct.contains(true) else { return nil }
        self.users = users
        var isRoot = users.map(\.isEmpty)
        for root in graph.roots { isRoot[root] = true }
        self.isRoot = isRoot
        self.isProduct = isProduct
        isNarrow = [Bool](repeating: false, count: graph.nodes.count)
        isAlone = isNarrow
        narrow = [ValueID?](repeating: nil, count: graph.nodes.count)
        for value in ValueID.all(in: graph.nodes).reversed() where isProduct[value] || isNarrow[value] && isMove(value)
        {
            for operand in graph[value].operands { isNarrow[operand] = true }
        }
        for value in ValueID.all(in: graph.nodes) where isProduct[value] {
            for other in chain(from: value) { (isNarrow[other], isAlone[other]) = (true, true) }
        }
        for value in ValueID.all(in: graph.nodes) { emit(value) }
        for value in graph.assignments { refresh(value) }
    }

    /// Whether a bfloat16 holds every element of a result, given which operands' it holds.
    private static func isRounded(_ node: Node, _ operands: [Bool]) -> Bool {
        switch node.op {
        case .unary(.roundToBFloat16): true
        case .unary(.relu), .unary(.negate), .unary(.abs), .reshape, .transpose, .slice, .reverse, .broadcast,
            .concatenate:
            operands.allSatisfy { $0 }
        case .select: operands[1] && operands[2]
        case .pool(.max, _): operands[0]
        case .gather: operands[0]
        case .constant(let literal): literal.splat == 0
        case .infeed, .readVariable, .iota, .replicaIndex, .randomUniform, .unary, .binary, .compare, .logical,
            .convert,
            .pad, .dot, .reduce, .argMax, .softmax, .logSoftmax, .sparseSoftmaxCrossEntropy,
            .sparseSoftmaxCrossEntropyGradient, .convolution, .convolutionInputGradient, .convolutionFilterGradient,
            .pool, .maxPoolGradient, .sumPoolGradient, .scatterAdd, .cumulativeSum, .crossReplicaSum,
            .crossReplicaGroupSum, .assign:
            false
        }
    }

    /// Whether a node only moves elements, so that it can move those of bfloat16.
    private func isMove(_ value: ValueID) -> Bool {
        let moves: [Op.Kind] = [.reshape, .transpose, .slice, .reverse]
        return moves.contains(graph[value].op.kind)
    }

    /// Whether a node runs in a loop over blocks, which widens what it reads.
    private func isFused(_ value: ValueID) -> Bool {
        guard graph[value].op.isElementwise else { return false }
        switch graph.layouts[value] {
        case .rows: return graph.batching[value] != nil
        case .uniform: return graph[value].type.count > Lowering.smallCount
        case .perReplica: return false
        }
    }

    /// Whether a node reads its operands in bfloat16 where there are such.
    private func takesNarrow(_ value: ValueID) -> Bool {
        isProduct[value] || isFused(value)
            || graph.operandTypes(of: value).first.map { ReduceKernel.isColumnSum(graph[value], of: $0) } ?? false
    }

    /// Whether all that read a value take it in bfloat16.
    private func isReadNarrow(_ value: ValueID) -> Bool {
        !isRoot[value]
            && users[value].allSatisfy { takesNarrow($0) || isNarrow[$0] && isMove($0) && isReadNarrow($0) }
    }

    /// From a product to the rounding of its result, where that, moved or not, is all that reads it and is read in bfloat16
    /// alone; else nothing.
    private func chain(from product: ValueID) -> [ValueID] {
        if case .partial? = graph.batching[product]?.result { return [] }
        var chain = [product]
        while let last = chain.last, users[last].count == 1, !isRoot[last] {
            let user = users[last][0]
            chain.append(user)
            if graph[user].op == .unary(.roundToBFloat16) { return isReadNarrow(user) ? chain : [] }
            guard isMove(user) else { return [] }
        }
        return []
    }

    private mutating func add(_ node: Node) -> ValueID {
        nodes.append(node)
        return ValueID(nodes.count - 1)
    }

    private mutating func add(_ node: Node, _ op: Op, _ operands: [ValueID]) -> ValueID {
        add(Node(op: op, operands: operands, type: node.type.with(.bfloat16), name: node.name))
    }

    private mutating func emit(_ value: ValueID) {
        let old = graph[value]
        let takesNarrow = takesNarrow(value)
        var node = old
        node.operands = old.operands.map { (takesNarrow ? narrow[$0] : nil) ?? mapping[$0] }
        let source = old.operands.first.flatMap { narrow[$0] }
        if isAlone[value] {
            if old.op == .unary(.roundToBFloat16), let source {
                narrow[value] = source
            } else {
                narrow[value] = add(node, node.op, isProduct[value] ? node.operands : source.map { [$0] } ?? [])
            }
            // Nothing reads it as float32.
            mapping.append(ValueID(nodes.count - 1))
            return
        }
        mapping.append(add(node))
        guard isNarrow[value] else { return }
        if isMove(value), let source {
            narrow[value] = add(old, old.op, [source])
        } else {
            let wide = old.op == .unary(.roundToBFloat16) ? node.operands[0] : mapping[value]
            if case .readVariable(let variable) = nodes[wide].op, graph.variables[variable] == .uniform {
                narrow[value] = add(nodes[wide], .readVariable(index: copy(of: variable)), [])
            } else {
                narrow[value] = add(old, .convert(.bfloat16), [wide])
            }
        }
    }

    /// The copy of a variable, among all variables.
    private mutating func copy(of variable: Int) -> Int {
        let number = copied.firstIndex(of: variable) ?? copied.count
        if number == copied.count { copied.append(variable) }
        return graph.variables.count + number
    }

    /// Writes what a variable is assigned to its copy, too.
    private mutating func refresh(_ assignment: ValueID) {
        let old = graph[assignment]
        guard case .assign(let variable) = old.op, copied.contains(variable) else { return }
        let value = add(old, .convert(.bfloat16), [mapping[old.operands[0]]])
        refreshes.append(add(old, .assign(variable: copy(of: variable)), [value]))
    }
}

extension Op {
    /// Input channels from which on oneDNN's filter gradient is faster in bfloat16: it takes as many for fewer.
    private static let leastChannels = 4

    /// Whether the processor's bfloat16 products compute it of operands of these types: those and the convolutions of one group.
    fileprivate func multipliesBFloat16(_ operands: [TensorType]) -> Bool {
        if case .convolution(_, let groups) = self { return groups == 1 }
        if case .convolutionInputGradient(_, let groups, _) = self { return groups == 1 }
        if case .convolutionFilterGradient(_, let groups) = self {
            return groups == 1 && operands[0].channels >= Op.leastChannels
        }
        return kind == .dot
    }
}
