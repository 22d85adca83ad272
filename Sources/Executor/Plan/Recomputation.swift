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
        let end = loss.index + 1
        var isAgain = (0..<end).map { mayRecompute($0) }
        switch extent {
        case .cheap:
            for place in 0..<end where nodes[place].op.role == .contraction { isAgain[place] = false }
        case .segments:
            guard let segments = segments(of: isAgain) else { return nil }
            for place in segments.ends + (0..<end).filter({ segments.numbers[$0] == segments.count - 1 }) {
                isAgain[place] = false
            }
        }
        var copies = RecomputedNodes(self, isAgain: isAgain)
        for place in nodes.indices { copies.emit(place) }
        guard copies.count > 0 else { return nil }
        var graph = self
        graph.replace(copies.nodes, places: copies.places, orderedFrom: copies.places[loss.index].index + 1)
        return graph
    }

    private func mayRecompute(_ place: Int) -> Bool {
        guard layouts[place] == .rows, batching[place]?.result == .samples else { return false }
        let operands = nodes[place].operands.filter { layouts[$0.index] == .rows }
        let largest = operands.map { nodes[$0.index].type.byteCount }.max() ?? 0
        return nodes[place].type.byteCount >= largest / 2
    }

    /// The forward pass in about √n segments of as many bytes each, n being the results that the backward pass reads: the
    /// number of each node's segment, and the nodes whose results another segment reads. Nil for less than two.
    private func segments(of isAgain: [Bool]) -> (count: Int, numbers: [Int], ends: [Int])? {
        let end = isAgain.count
        var isRead = [Bool](repeating: false, count: end)
        for node in nodes[end...] {
            for operand in node.operands where operand.index < end && isAgain[operand.index] {
                isRead[operand.index] = true
            }
        }
        let bytes = (0..<end).map { isRead[$0] ? nodes[$0].type.byteCount : 0 }
        let total = bytes.reduce(0) { $0.adding(saturating: $1) }
        let count = Int(Double(isRead.count { $0 }).squareRoot().rounded(.up))
        guard count > 1, total > 0 else { return nil }
        var before = 0
        var numbers: [Int] = []
        for place in 0..<end {
            numbers.append(min(count - 1, Int(Double(before) / Double(total) * Double(count))))
            before = before.adding(saturating: bytes[place])
        }
        var ends: Set<Int> = []
        for place in 0..<end {
            for operand in nodes[place].operands where numbers[operand.index] != numbers[place] {
                ends.insert(operand.index)
            }
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
    /// Where each node of the graph is.
    private(set) var places: [ValueID] = []
    /// Where the copies are, by the node that they are copies of.
    private var copies: [Int: ValueID] = [:]

    init(_ graph: LaneGraph, isAgain: [Bool]) {
        self.graph = graph
        self.isAgain = isAgain
    }

    /// Nodes that there are twice.
    var count: Int { copies.count { $0.value != places[$0.key] } }

    /// Adds the node at the next place; behind the loss it reads copies.
    mutating func emit(_ place: Int) {
        var node = graph.nodes[place]
        if place < isAgain.count {
            node.operands = node.operands.map { places[$0.index] }
        } else {
            for operand in node.operands { copy(operand.index) }
            node.operands = node.operands.map { copies[$0.index] ?? places[$0.index] }
        }
        places.append(ValueID(nodes.count))
        nodes.append(node)
    }

    /// Adds copies of a node and of those that it needs, where they are to be computed again and have no copy yet.
    private mutating func copy(_ place: Int) {
        var open = [place]
        while let next = open.last {
            guard next < isAgain.count, isAgain[next], copies[next] == nil else {
                open.removeLast()
                continue
            }
            let missing = graph.nodes[next].operands.map(\.index).filter {
                $0 < isAgain.count && isAgain[$0] && copies[$0] == nil
            }
            guard missing.isEmpty else {
                open += missing
                continue
            }
            open.removeLast()
            var node = graph.nodes[next]
            let kept = node.operands.map { places[$0.index] }
            node.operands = node.operands.map { copies[$0.index] ?? places[$0.index] }
            if case .reshape = node.op, node.operands == kept {
                // The shape alone is another: there is nothing to compute.
                copies[next] = places[next]
                continue
            }
            node.name += "/Again"
            copies[next] = ValueID(nodes.count)
            nodes.append(node)
        }
    }
}
