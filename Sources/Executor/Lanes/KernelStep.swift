/// A kernel run on a lane's rows: all at once, or core by core where an operand differs between cores.
struct KernelStep: LaneStep {
    let nodes: [Int]
    /// What to run.
    let kernel: any Kernel
    /// Where its operands are.
    let operands: [BufferSlice]
    /// Where its result goes.
    let result: BufferSlice
    /// Rows of the first axis that a sample has.
    let rowsInSample: Int
    private let isSplit: Bool

    var places: String { "\(operands.map(\.text).joined(separator: ", ")) -> \(result.text)" }

    /// A step of these parts.
    init(node: Int, kernel: any Kernel, operands: [BufferSlice], result: BufferSlice, rowsInSample: Int) {
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
        let pointers = lane.worker.pointers
        for index in operands.indices {
            pointers[index] = UnsafeRawPointer(
                operands[index].address(lane, sample: samples.lowerBound, replica: replica))
        }
        try kernel.run(
            result.address(lane, sample: samples.lowerBound, replica: replica), pointers,
            rows: samples.count * rowsInSample,
            scratch: lane.worker.scratch)
    }
}

/// A lane's share of a reduction over rows: one for the lane when it is folded over cores, else one a segment.
struct PartialStep: LaneStep {
    let nodes: [Int]
    /// What to run.
    let kernel: any Kernel
    /// Where its operands are.
    let operands: [BufferSlice]
    /// The buffer that holds the shares one behind the other.
    let buffer: Int
    /// Bytes of one share.
    let bytes: Int
    /// True for one share a lane.
    let isFolded: Bool
    /// Rows of the first axis that a sample has.
    let rowsInSample: Int

    var places: String {
        "\(operands.map(\.text).joined(separator: ", ")) -> \(isFolded ? "a share a lane" : "a share a segment") b\(buffer)"
    }

    func run(_ lane: LaneContext) throws(ExecutorError) {
        if isFolded {
            try run(lane, lane.lane.samples, replica: lane.lane.segments[0].replica, share: lane.index)
        } else {
            for segment in lane.lane.segments {
                try run(lane, segment.samples, replica: segment.replica, share: segment.index)
            }
        }
    }

    private func run(
        _ lane: LaneContext, _ samples: Range<Int>, replica: Int, share: Int
    ) throws(ExecutorError) {
        let pointers = lane.worker.pointers
        for index in operands.indices {
            pointers[index] = UnsafeRawPointer(
                operands[index].address(lane, sample: samples.lowerBound, replica: replica))
        }
        try kernel.run(
            lane.memory.bases[buffer] + share * bytes, pointers, rows: samples.count * rowsInSample,
            scratch: lane.worker.scratch)
    }
}
