import Graph

/// A kernel run on a lane's rows: all at once, or core by core where an operand differs between cores.
struct KernelStep: LaneStep {
    let nodes: [ValueID]
    /// What to run.
    let kernel: any Kernel
    /// Where its operands are.
    let operands: [BufferSlice]
    /// Where its result goes.
    let result: BufferSlice
    /// Rows of the first axis that a sample has.
    let rowsInSample: Int
    private let isSplit: Bool

    var addressText: String { "\(operands.map(\.text).joined(separator: ", ")) -> \(result.text)" }

    /// A step of these parts.
    init(node: ValueID, kernel: any Kernel, operands: [BufferSlice], result: BufferSlice, rowsInSample: Int) {
        nodes = [node]
        self.kernel = kernel
        self.operands = operands
        self.result = result
        self.rowsInSample = rowsInSample
        isSplit = operands.contains(where: \.needsSegments)
    }

    func run(_ lane: LaneContext) throws(ExecutorError) {
        guard isSplit else {
            try run(lane, lane.lane.samples, replica: lane.lane.segments[0].replica)
            return
        }
        for segment in lane.lane.segments { try run(lane, segment.samples, replica: segment.replica) }
    }

    private func run(_ lane: LaneContext, _ samples: Range<Int>, replica: Int) throws(ExecutorError) {
        try kernel.run(
            result.address(lane, sample: samples.lowerBound, replica: replica),
            lane.addresses(of: operands, sample: samples.lowerBound, replica: replica),
            rows: samples.count * rowsInSample, scratch: lane.worker.scratch)
    }
}
