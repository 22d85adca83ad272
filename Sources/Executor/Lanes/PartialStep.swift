import Graph

/// A reduction over a lane's rows, whose result is a partial sum: one of the whole chain where the reduction accumulates over
/// all cores, to which each lane but the first adds, else one of each segment.
struct PartialStep: LaneStep {
    let nodes: [ValueID]
    /// What to run.
    private let kernel: any Kernel
    /// The same where it can add to what is there.
    private let adding: (any AddingKernel)?
    /// How what it can't add itself is added.
    private let merge: Merge
    /// Where its operands are.
    private let operands: [BufferSlice]
    /// The buffer that holds the partial sums one behind the other.
    private let buffer: BufferID
    /// True for one partial sum a chain.
    private let isAccumulated: Bool
    /// Rows of the first axis that a sample has.
    private let rowsInSample: Int
    /// Bytes of scratch memory for the kernel; behind them is room for what is to be added.
    private let kernelScratch: Int

    var addressText: String {
        "\(operands.map(\.text).joined(separator: ", ")) -> a partial sum a \(isAccumulated ? "chain" : "segment") \(buffer)"
    }

    /// A step of these parts.
    ///
    /// - Parameter longest: samples of the longest lane.
    init(
        node: ValueID, kernel: any Kernel, merge: Merge, operands: [BufferSlice], buffer: BufferID, isAccumulated: Bool,
        rowsInSample: Int, longest: Int
    ) {
        nodes = [node]
        self.kernel = kernel
        self.merge = merge
        self.operands = operands
        self.buffer = buffer
        self.isAccumulated = isAccumulated
        self.rowsInSample = rowsInSample
        adding = kernel as? any AddingKernel
        kernelScratch =
            kernel.scratchBytes(rows: rowsInSample.multiplied(saturating: longest)).adding(saturating: 63) & -64
    }

    /// Bytes of one partial sum.
    private var bytes: Int { merge.count * merge.dtype.size }

    /// Bytes of scratch memory that it needs.
    var scratchBytes: Int {
        isAccumulated && adding == nil ? kernelScratch.adding(saturating: bytes) : kernelScratch
    }

    func run(_ lane: LaneContext) throws(ExecutorError) {
        guard isAccumulated else {
            for segment in lane.lane.segments {
                try kernel.run(
                    lane.memory[buffer] + segment.index * bytes,
                    lane.addresses(of: operands, sample: segment.samples.lowerBound, replica: segment.replica),
                    rows: segment.samples.count * rowsInSample, scratch: lane.worker.scratch)
            }
            return
        }
        let out = lane.memory[buffer] + lane.chain * bytes
        let addresses = lane.addresses(
            of: operands, sample: lane.firstSample, replica: lane.lane.segments[0].replica)
        let rows = lane.lane.samples.count * rowsInSample
        if lane.isFirstOfChain {
            try kernel.run(out, addresses, rows: rows, scratch: lane.worker.scratch)
        } else if let adding {
            try adding.add(to: out, addresses, rows: rows, scratch: lane.worker.scratch)
        } else {
            let more = lane.worker.scratch + kernelScratch
            try kernel.run(more, addresses, rows: rows, scratch: lane.worker.scratch)
            merge.run(out, out, arrays: 2, stride: more - out, lane.worker.pointers)
        }
    }
}
