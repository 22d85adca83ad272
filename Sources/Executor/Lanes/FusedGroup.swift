import CKernels
import Graph

/// Elementwise ops that run together, one small block of rows at a time, so that what they hand to one another stays
/// in the first-level cache. A block's values are in numbered slots: the first are the worker's block memory, the
/// rest are rows of buffers.
struct FusedGroup: Sendable {
    /// What one instruction does.
    enum Body: Sendable {
        /// An elementwise op.
        case elementwise(Elementwise)
        /// A copy of elements of so many bytes.
        case copy(size: Int)
        /// The sum of `parts` arrays in a buffer, `stride` bytes apart.
        case merge(Merge, buffer: Int, parts: Int, stride: Int)
        /// Tells the fault flag when an element of a variable is not finite.
        case check(DType, order: Int)
    }

    /// One instruction.
    struct Instruction: Sendable {
        let body: Body
        /// Slot of the result; of what is checked for a check.
        let result: Int
        /// Slots of the operands.
        let operands: [Int]
        /// How they lie.
        let layouts: [tpud_layout]
        /// True when a block can be taken as one long row.
        let isFlat: Bool
    }

    /// A slot that is in a buffer or in a lane's arena.
    struct Source: Sendable, Hashable {
        /// Where the value is read.
        let place: BufferSlice
        /// Bytes from row to row; 0 for what all rows share.
        let rowBytes: Int
    }

    /// Places of the nodes that it computes.
    let nodes: [Int]
    /// In order.
    let instructions: [Instruction]
    /// Slots in block memory, each of `slotBytes`.
    let blockSlots: Int
    /// The slots behind them.
    let sources: [Source]
    /// Elements of a row.
    let width: Int
    /// Rows of a block.
    let blockRows: Int
    /// Bytes of a slot in block memory.
    let slotBytes: Int
    private let isSplit: Bool

    /// Elements that a block has when rows are short.
    static let blockElements = 2_048

    /// A group of these parts.
    init(
        nodes: [Int], instructions: [Instruction], blockSlots: Int, sources: [Source], width: Int, elementBytes: Int
    ) {
        self.nodes = nodes
        self.instructions = instructions
        self.blockSlots = blockSlots
        self.sources = sources
        self.width = width
        blockRows = max(1, FusedGroup.blockElements / max(1, width))
        slotBytes = (blockRows * max(1, width) * elementBytes + 63) / 64 * 64
        isSplit = sources.contains(where: \.place.needsSegments)
    }

    /// Addresses that a worker must have room for: slots, their bases, and what an instruction needs.
    var pointerCount: Int {
        let parts = instructions.map { if case .merge(_, _, let parts, _) = $0.body { parts } else { 3 } }
        return 2 * (blockSlots + sources.count) + (parts.max() ?? 0)
    }

    /// Runs on a lane's rows.
    func run(_ lane: LaneContext, rowsInSample: Int, fault: FaultFlag) {
        guard isSplit else {
            run(lane, lane.lane.samples, lane.lane.segments[0].replica, rowsInSample, fault)
            return
        }
        for segment in lane.lane.segments { run(lane, segment.samples, segment.replica, rowsInSample, fault) }
    }

    private func run(
        _ lane: LaneContext, _ samples: Range<Int>, _ replica: Int, _ rowsInSample: Int, _ fault: FaultFlag
    ) {
        let bases = lane.worker.pointers
        for index in sources.indices {
            bases[index] = UnsafeRawPointer(
                sources[index].place.address(lane, sample: samples.lowerBound, replica: replica))
        }
        run(rows: 0..<(samples.count * rowsInSample), lane.memory, lane.worker, fault)
    }

    /// Runs on rows of buffers that all cores share.
    func run(rows: Range<Int>, shared memory: Memory, _ worker: WorkerMemory, fault: FaultFlag) {
        for index in sources.indices {
            worker.pointers[index] = UnsafeRawPointer(memory.bases[sources[index].place.buffer])
        }
        run(rows: rows, memory, worker, fault)
    }

    /// Runs with the sources' addresses for row 0 at the start of the worker's pointers.
    private func run(rows: Range<Int>, _ memory: Memory, _ worker: WorkerMemory, _ fault: FaultFlag) {
        let bases = worker.pointers
        let slots = bases + sources.count
        let operands = slots + blockSlots + sources.count
        for slot in 0..<blockSlots { slots[slot] = UnsafeRawPointer(worker.block + slot * slotBytes) }
        var first = rows.lowerBound
        while first < rows.upperBound {
            let count = min(blockRows, rows.upperBound - first)
            for index in sources.indices { slots[blockSlots + index] = bases[index] + first * sources[index].rowBytes }
            for instruction in instructions {
                let out = UnsafeMutableRawPointer(mutating: slots[instruction.result])
                for index in instruction.operands.indices { operands[index] = slots[instruction.operands[index]] }
                switch instruction.body {
                case .elementwise(let elementwise):
                    instruction.layouts.withUnsafeBufferPointer { layouts in
                        // An elementwise op has operands and so layouts.
                        elementwise.apply(
                            out, operands, layouts.baseAddress!, rows: instruction.isFlat ? 1 : count,
                            n: instruction.isFlat ? count * width : width)
                    }
                case .copy(let size): out.copyMemory(from: operands[0], byteCount: count * width * size)
                case .merge(let merge, let buffer, let parts, let stride):
                    merge.run(
                        out, memory.bases[buffer], parts: parts, stride: stride, operands,
                        range: first..<(first + count))
                case .check(let dtype, let order):
                    if !dtype.isFinite(out, count: count * width) { fault.report(order) }
                }
            }
            first += count
        }
    }
}

/// A fused group as a lane's step.
struct FusedStep: LaneStep {
    /// The group.
    let group: FusedGroup
    /// Rows that a sample has.
    let rowsInSample: Int
    /// Told of variables that are not finite.
    let fault: FaultFlag

    var nodes: [Int] { group.nodes }

    func run(_ lane: LaneContext) throws(ExecutorError) { group.run(lane, rowsInSample: rowsInSample, fault: fault) }
}

extension DType {
    /// Whether all of so many elements are finite; whole numbers always are.
    func isFinite(_ elements: UnsafeRawPointer, count: Int) -> Bool {
        switch self {
        case .float32: return tpud_all_finite_f32(elements.assumingMemoryBound(to: Float.self), count)
        case .float64:
            let elements = elements.assumingMemoryBound(to: Double.self)
            for index in 0..<count where !elements[index].isFinite { return false }
            return true
        case .bool, .uint8, .int8, .uint16, .int16, .int32, .int64: return true
        }
    }
}
