import Graph

/// What a lane's products and convolutions do for one sample: how many samples make a lane that is worth its while.
struct SampleCost: Sendable, Hashable {
    /// Rows that a sample has in products, the mean by operations (harmonic): 1 in a dense layer, the cells of an image
    /// in a convolution, the places of a sequence in a transformer.
    let rows: Double
    /// Operations of one sample.
    let operations: Double

    /// The cost of these figures; by default that of dense layers large enough.
    init(rows: Double = 1, operations: Double = .infinity) {
        self.rows = rows
        self.operations = operations
    }

    /// The cost of a graph's products and convolutions that lanes do.
    init(_ graph: LaneGraph) {
        let batch = Double(max(1, graph.rules.batch))
        var operations = 0.0
        var calls = 0.0
        for value in ValueID.all(in: graph.nodes) where graph.batching[value] != nil {
            let (node, types) = (graph[value], graph.operandTypes(of: value))
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
        self.init(rows: calls > 0 ? operations / calls : 1, operations: operations)
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
}
