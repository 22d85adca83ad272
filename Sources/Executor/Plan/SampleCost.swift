import Graph

/// What a lane's products and convolutions do for one sample, and what its sums take: how many samples make a lane that is
/// worth its while, and how many lanes add to one partial sum.
struct SampleCost: Sendable, Hashable {
    /// Rows that a sample has in products, the mean by operations (harmonic): 1 in a dense layer, the cells of an image
    /// in a convolution, the places of a sequence in a transformer.
    let rows: Double
    /// Operations of one sample.
    let operations: Double
    /// Bytes of the results of all reductions over samples, as the weights' gradients.
    let sumBytes: Int

    /// The cost of these figures; by default that of dense layers large enough.
    init(rows: Double = 1, operations: Double = .infinity, sumBytes: Int = 0) {
        self.rows = rows
        self.operations = operations
        self.sumBytes = sumBytes
    }

    /// The cost of a graph's products and convolutions that lanes do.
    init(_ graph: LaneGraph) {
        let batch = Double(max(1, graph.rules.batch))
        var operations = 0.0
        var calls = 0.0
        var sumBytes = 0
        for value in ValueID.all(in: graph.nodes) {
            guard let rule = graph.batching[value] else { continue }
            let (node, types) = (graph[value], graph.operandTypes(of: value))
            if case .partial = rule.result { sumBytes = sumBytes.adding(saturating: node.type.byteCount) }
            guard node.op.role == .contraction else { continue }
            var rows = node.type.cells
            if case .dot(let transposeLHS, _) = node.op {
                let shape = types[0].shape
                // Each of several products has its own rows; else the first axis is cut.
                rows =
                    shape.rank > 2 ? shape[shape.rank - (transposeLHS ? 1 : 2)] : shape[0] / max(1, graph.rules.batch)
            } else if node.op.kind != .convolution {
                // Of the gradients it is the output's gradient that has the cells.
                rows = types[node.op.kind == .convolutionFilterGradient ? 1 : 0].cells
            }
            let flops = Double(Cost.flops(node.op, types, node.type)) / batch
            operations += flops
            calls += flops / Double(max(1, rows))
        }
        self.init(rows: calls > 0 ? operations / calls : 1, operations: operations, sumBytes: sumBytes)
    }

    /// Rows with which products reach their full speed, and below which a further lane costs more than it brings.
    private static let rowsOfLane = (good: 256.0, least: 32.0)
    /// Operations below which a further lane costs more than it brings.
    private static let operationsOfLane = 1e6

    /// Lanes for so many samples: of full speed, or two when there would be less than two such; at most 16. It depends on
    /// the program and its batch alone, as it fixes the order of sums.
    func lanes(for samples: Int) -> Int {
        func samplesOfLane(_ rows: Double) -> Double {
            max(1, (rows / self.rows).rounded(.up), (SampleCost.operationsOfLane / max(1, operations)).rounded(.up))
        }
        let good = Int(Double(samples) / samplesOfLane(SampleCost.rowsOfLane.good))
        if good >= 2 { return min(16, good) }
        return max(1, min(2, Int(Double(samples) / samplesOfLane(SampleCost.rowsOfLane.least))))
    }

    /// Bytes that the partial sums of all chains should not exceed.
    private static let partialBytes = 128 << 20
    /// Memory does not lower the number of chains below this: each gives one thread work.
    private static let leastChains = 4

    /// Chains for so many lanes: as many, or half of it and half again while their partial sums are too large.
    func chains(of lanes: Int) -> Int {
        var count = lanes
        while count > SampleCost.leastChains, sumBytes.multiplied(saturating: count) > SampleCost.partialBytes {
            count = max(SampleCost.leastChains, (count + 1) / 2)
        }
        return count
    }
}
