import Graph

/// Which results of the forward pass are computed a second time for the backward pass, so that they need not be kept from
/// the one to the other.
package enum Recomputation: String, Sendable, Hashable, CaseIterable {
    /// All but those of products and convolutions: little work for much memory where activations and norms lie between
    /// them.
    case cheap
    /// All but those at the ends of about √n stretches of the n results that the backward pass reads (Chen et al.,
    /// "Training Deep Nets with Sublinear Memory Cost", 2016): at most one more forward pass.
    case segments
}

extension LaneGraph {
    /// The graph with results of the forward pass computed again right before the backward pass first reads them; nil
    /// where there is nothing to gain. The same bits come out: random numbers are counted, so that a mask is the same the
    /// second time.
    ///
    /// The forward pass ends with the loss. Of it what lanes compute sample by sample may be computed again, unless it is
    /// less than half as large as what it is made of.
    func recomputing(_ extent: Recomputation) -> LaneGraph? {
        guard let loss else { return nil }
        var isAgain = (0...loss.index).map { mayRecompute(ValueID($0)) }
        let forward = ValueID.all(in: isAgain)
        switch extent {
        case .cheap:
            for value in forward where self[value].op.role == .contraction { isAgain[value] = false }
        case .segments:
            guard let segments = segments(of: isAgain) else { return nil }
            for value in segments.ends { isAgain[value] = false }
            for value in forward where segments.numbers[value] == segments.count - 1 { isAgain[value] = false }
        }
        var copies = RecomputedNodes(self, isAgain: isAgain)
        for value in ValueID.all(in: nodes) { copies.emit(value) }
        guard copies.count > 0 else { return nil }
        var graph = self
        graph.replace(
            copies.nodes, mapping: copies.mapping, orderedFrom: ValueID(copies.mapping[loss].index + 1))
        return graph
    }

    private func mayRecompute(_ value: ValueID) -> Bool {
        guard layouts[value] == .rows, batching[value]?.result == .samples else { return false }
        let operands = self[value].operands.filter { layouts[$0] == .rows }
        let largest = operands.map { self[$0].type.byteCount }.max() ?? 0
        return self[value].type.byteCount >= largest / 2
    }

    /// The forward pass in about √n segments of as many bytes each, n being the results that the backward pass reads: the
    /// number of each node's segment, and the nodes whose results another segment reads. Nil for less than two.
    private func segments(of isAgain: [Bool]) -> (count: Int, numbers: [Int], ends: [ValueID])? {
        let forward = ValueID.all(in: isAgain)
        var isRead = [Bool](repeating: false, count: isAgain.count)
        for node in nodes[isAgain.count...] {
            for operand in node.operands where operand.index < isAgain.count && isAgain[operand] {
                isRead[operand] = true
            }
        }
        let bytes: [Int] = forward.map { isRead[$0] ? self[$0].type.byteCount : 0 }
        let total = bytes.reduce(0) { $0.adding(saturating: $1) }
        let count = Int(Double(isRead.count { $0 }).squareRoot().rounded(.up))
        guard count > 1, total > 0 else { return nil }
        var before = 0
        var numbers: [Int] = []
        for each in bytes {
            numbers.append(min(count - 1, Int(Double(before) / Double(total) * Double(count))))
            before = before.adding(saturating: each)
        }
        var ends: Set<ValueID> = []
        for value in forward {
            for operand in self[value].operands where numbers[operand] != numbers[value] { ends.insert(operand) }
        }
        return (count, numbers, ends.sorted())
    }
}

/// A graph's nodes with copies of some, in the making.
private struct RecomputedNodes {
    private let graph: LaneGraph
    private let isAgain: [Bool]
    /// In topological order.
    private(set) var nodes: [Node] = []
    /// By node of the graph: the new one.
    private(set) var mapping: [ValueID] = []
    /// The copies, by the node that they are copies of.
    private var copies: [ValueID: ValueID] = [:]

    init(_ graph: LaneGraph, isAgain: [Bool]) {
        self.graph = graph
        self.isAgain = isAgain
    }

    /// Nodes that there are twice.
    var count: Int { copies.count { $0.value != mapping[$0.key] } }

    /// Adds the next node; behind the loss it reads copies.
    mutating func emit(_ value: ValueID) {
        var node = graph[value]
        if isForward(value) {
            node.operands = node.operands.map { mapping[$0] }
        } else {
            for operand in node.operands { copy(operand) }
            node.operands = node.operands.map { copies[$0] ?? mapping[$0] }
        }
        mapping.append(ValueID(nodes.count))
        nodes.append(node)
    }

    private func isForward(_ value: ValueID) -> Bool { value.index < isAgain.count }

    private func needsCopy(_ value: ValueID) -> Bool { isForward(value) && isAgain[value] && copies[value] == nil }

    /// Adds copies of a node and of those that it needs, where they are to be computed again and have no copy yet.
    private mutating func copy(_ value: ValueID) {
        var open = [value]
        while let next = open.last {
            guard needsCopy(next) else {
                open.removeLast()
                continue
            }
            let missing = graph[next].operands.filter(needsCopy)
            guard missing.isEmpty else {
                open += missing
                continue
            }
            open.removeLast()
            var node = graph[next]
            let originals = node.operands.map { mapping[$0] }
            node.operands = node.operands.map { copies[$0] ?? mapping[$0] }
            if case .reshape = node.op, node.operands == originals {
                // The shape alone is another: there is nothing to compute.
                copies[next] = mapping[next]
                continue
            }
            node.name += "/Again"
            copies[next] = ValueID(nodes.count)
            nodes.append(node)
        }
    }
}
