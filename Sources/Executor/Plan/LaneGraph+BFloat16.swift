import Graph

extension LaneGraph {
    /// Keeps in bfloat16, two bytes an element, what was rounded to it and a product or convolution takes, so that the
    /// processor multiplies in bfloat16 with sums in float32. No number changes but for the order of these sums.
    ///
    /// A product takes bfloat16 where both of its operands were rounded. Its result is written as bfloat16 where nothing
    /// but a rounding reads it and none of the readers behind that needs float32. Elementwise ops and sums over rows read
    /// such values as they are; all others read the float32 that stays beside them.
    mutating func storeBFloat16() {
        guard let storage = BFloat16Storage(self) else { return }
        replace(storage.nodes, places: storage.places, orderedFrom: orderedFrom)
        dropDead()
    }
}

/// A graph's nodes with what products take in bfloat16, in the making.
private struct BFloat16Storage {
    private let graph: LaneGraph
    /// Nodes that read each node.
    private let users: [[Int]]
    /// Products whose two operands were rounded.
    private var isProduct: [Bool]
    /// Values that there are in bfloat16.
    private var isNarrow: [Bool]
    /// Those that there are in bfloat16 alone: products and what stands between them and their rounding.
    private var isAlone: [Bool]
    /// In topological order.
    private(set) var nodes: [Node] = []
    /// Where each node of the graph is.
    private(set) var places: [ValueID] = []
    /// Where each value is in bfloat16.
    private var narrow: [ValueID?]

    /// Nil where no product takes bfloat16.
    init?(_ graph: LaneGraph) {
        self.graph = graph
        var users = [[Int]](repeating: [], count: graph.nodes.count)
        var isRounded = [Bool](repeating: false, count: graph.nodes.count)
        var isProduct = isRounded
        for (place, node) in graph.nodes.enumerated() {
            for operand in node.operands { users[operand.index].append(place) }
            let operands = node.operands.map { isRounded[$0.index] }
            isRounded[place] = node.type.dtype == .float32 && BFloat16Storage.isRounded(node, operands)
            isProduct[place] =
                node.type.dtype == .float32 && node.op.multipliesBFloat16 && operands.allSatisfy { $0 }
        }
        guard isProduct.contains(true) else { return nil }
        self.users = users
        self.isProduct = isProduct
        isNarrow = [Bool](repeating: false, count: graph.nodes.count)
        isAlone = isNarrow
        narrow = [ValueID?](repeating: nil, count: graph.nodes.count)
        for place in graph.nodes.indices.reversed() where isProduct[place] || isNarrow[place] && isMove(place) {
            for operand in graph.nodes[place].operands { isNarrow[operand.index] = true }
        }
        for place in graph.nodes.indices where isProduct[place] {
            for other in chain(from: place) { (isNarrow[other], isAlone[other]) = (true, true) }
        }
        for place in graph.nodes.indices { emit(place) }
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
    private func isMove(_ place: Int) -> Bool {
        let moves: [Op.Kind] = [.reshape, .transpose, .slice, .reverse]
        return moves.contains(graph.nodes[place].op.kind)
    }

    /// Whether a node runs in a loop over blocks, which widens what it reads.
    private func isFused(_ place: Int) -> Bool {
        guard graph.nodes[place].op.isElementwise else { return false }
        switch graph.layouts[place] {
        case .rows: return graph.batching[place] != nil
        case .uniform: return graph.nodes[place].type.count > WorkList.smallCount
        case .perReplica: return false
        }
    }

    /// Whether a node reads its operands in bfloat16 where there are such.
    private func takesNarrow(_ place: Int) -> Bool {
        isProduct[place] || isFused(place)
            || ReduceKernel.takesBFloat16(
                graph.nodes[place], graph.nodes[graph.nodes[place].operands.first?.index ?? 0].type)
    }

    /// Whether all that read a value take it in bfloat16.
    private func isReadNarrow(_ place: Int) -> Bool {
        !isRoot(place)
            && users[place].allSatisfy { takesNarrow($0) || isNarrow[$0] && isMove($0) && isReadNarrow($0) }
    }

    private func isRoot(_ place: Int) -> Bool { users[place].isEmpty || graph.roots.contains(ValueID(place)) }

    /// From a product to the rounding of its result, where that, moved or not, is all that reads it and is read in bfloat16
    /// alone; else nothing.
    private func chain(from product: Int) -> [Int] {
        if case .part? = graph.batching[product]?.result { return [] }
        var chain = [product]
        while let place = chain.last, users[place].count == 1, !isRoot(place) {
            let user = users[place][0]
            chain.append(user)
            if graph.nodes[user].op == .unary(.roundToBFloat16) { return isReadNarrow(user) ? chain : [] }
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

    private mutating func emit(_ place: Int) {
        let old = graph.nodes[place]
        var node = old
        node.operands = old.operands.map { (takesNarrow(place) ? narrow[$0.index] : nil) ?? places[$0.index] }
        let source = old.operands.first.flatMap { narrow[$0.index] }
        if isAlone[place] {
            if old.op == .unary(.roundToBFloat16), let source {
                narrow[place] = source
            } else {
                narrow[place] = add(node, node.op, isProduct[place] ? node.operands : source.map { [$0] } ?? [])
            }
            // Nothing reads it as float32.
            places.append(ValueID(nodes.count - 1))
            return
        }
        places.append(add(node))
        guard isNarrow[place] else { return }
        if isMove(place), let source {
            narrow[place] = add(old, old.op, [source])
        } else {
            let isRounding = old.op == .unary(.roundToBFloat16)
            narrow[place] = add(old, .convert(.bfloat16), [isRounding ? node.operands[0] : places[place]])
        }
    }
}

extension Op {
    /// Whether the processor's bfloat16 products may compute it: those and the convolutions of one group.
    fileprivate var multipliesBFloat16: Bool {
        if case .convolution(_, let groups) = self { return groups == 1 }
        if case .convolutionInputGradient(_, let groups, _) = self { return groups == 1 }
        if case .convolutionFilterGradient(_, let groups) = self { return groups == 1 }
        return kind == .dot
    }
}
