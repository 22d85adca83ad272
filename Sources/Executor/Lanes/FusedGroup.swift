import CKernels
import Graph

/// Elementwise ops that run together, one small block of elements at a time, so that what they hand to one another stays
/// in the first-level cache. A block's values are in numbered slots: the first are the worker's block memory, the rest
/// are sources, in buffers or a lane's arena.
///
/// The elements are those of up to four loops, of which the outermost runs over samples and is partitioned by lanes or chunk
/// tasks; each source has its own step along each loop. The two innermost loops are those of a block.
struct FusedGroup: Sendable {
    /// One operation. It holds no reference: loops over operations count none.
    struct Operation: Sendable {
        /// What an operation does.
        enum Body: Sendable {
            /// An elementwise op.
            case elementwise(Elementwise)
            /// A copy of elements of so many bytes.
            case copy(size: Int)
            /// The sum of so many arrays in a buffer, `stride` bytes apart.
            case merge(Merge, buffer: BufferID, arrays: Int, stride: Int)
            /// Tells the fault flag when an element of a variable is not finite.
            case check(DType, order: Int)
        }

        let body: Body
        /// Slot of the result; of what is checked for a check.
        let result: Int
        /// Its operands among all operands.
        let operands: Range<Int>
        /// True when a block can be taken as one long row.
        let isFlat: Bool
    }

    /// A slot that is in a buffer or in a lane's arena.
    struct Source: Sendable, Hashable {
        /// Where the value is read.
        let slice: BufferSlice
        /// Bytes from one element to the next along each loop, outermost first.
        let strides: [Int]
        /// Bytes of an element.
        let size: Int
    }

    /// A source whose short rows are all the same, as a bias of few channels: a slot of block memory has it row after row, so
    /// that a block of it is one long row.
    struct Tile: Sendable {
        /// Number among the sources.
        let source: Int
        /// The slot that it fills.
        let slot: Int
        /// Bytes of a row.
        let bytes: Int
    }

    /// The nodes that it computes.
    let nodes: [ValueID]
    /// In order.
    let operations: [Operation]
    /// Slots of all operations' operands.
    private let operands: [Int]
    /// How they lie in a block.
    private let layouts: [tpud_layout]
    /// Slots in block memory, each of `slotBytes`.
    let blockSlots: Int
    /// Bytes of a slot in block memory.
    let slotBytes: Int
    /// Where the slots behind those of block memory are.
    private let slices: [BufferSlice]
    /// Their steps, loop by loop, in bytes.
    private let strides: [Int]
    private let tiles: [Tile]
    /// Turns of the outermost loop in a sample.
    private let turnsInSample: Int
    /// Turns of the loops within it.
    private let inner: [Int]
    private let isSplit: Bool

    /// Elements of a block.
    static let blockElements = 1_024

    /// A group of these parts; `strides` of a source has a number for the outermost loop and each of `inner`.
    init(
        nodes: [ValueID], operations: [Operation], operands: [Int], layouts: [tpud_layout], blockSlots: Int,
        sources: [Source], tiles: [Tile], turnsInSample: Int, inner: [Int], elementBytes: Int
    ) {
        self.nodes = nodes
        self.operations = operations
        self.operands = operands
        self.layouts = layouts
        self.blockSlots = blockSlots
        self.tiles = tiles
        self.turnsInSample = turnsInSample
        self.inner = inner
        slotBytes = FusedGroup.blockElements * elementBytes
        slices = sources.map(\.slice)
        strides = sources.flatMap(\.strides)
        isSplit = sources.contains(where: \.slice.needsSegments)
    }

    /// Addresses that a worker must have room for: slots, their bases and those of a block's two loops, and what an
    /// operation needs.
    var pointerCount: Int {
        let needed = operations.map { if case .merge(_, _, let arrays, _) = $0.body { arrays } else { 3 } }
        return 3 * slices.count + blockSlots + (needed.max() ?? 0)
    }

    /// Where it reads and writes, its loops and block memory, as a printed plan has them.
    var addressText: String {
        let loops = [turnsInSample] + inner
        return "\(slices.map(\.text).joined(separator: ", ")); loops \(loops), \(operations.count) operations, "
            + "\(blockSlots) slots"
    }

    /// Runs on a lane's samples.
    func run(_ lane: LaneContext, fault: FaultFlag) {
        guard isSplit else {
            run(lane, lane.lane.samples, lane.lane.segments[0].replica, fault)
            return
        }
        for segment in lane.lane.segments { run(lane, segment.samples, segment.replica, fault) }
    }

    private func run(_ lane: LaneContext, _ samples: Range<Int>, _ replica: Int, _ fault: FaultFlag) {
        for index in slices.indices {
            lane.worker.pointers[index] = UnsafeRawPointer(
                slices[index].address(lane, sample: samples.lowerBound, replica: replica))
        }
        run(turns: 0..<(samples.count * turnsInSample), lane.memory, lane.worker, fault)
    }

    /// Runs on turns of the outermost loop over buffers that all cores share.
    func run(turns: Range<Int>, shared memory: Memory, _ worker: WorkerMemory, fault: FaultFlag) {
        for index in slices.indices {
            worker.pointers[index] = UnsafeRawPointer(memory[slices[index].buffer])
        }
        run(turns: turns, memory, worker, fault)
    }

    /// Runs with the sources' addresses for turn 0 at the start of the worker's pointers.
    private func run(turns: Range<Int>, _ memory: Memory, _ worker: WorkerMemory, _ fault: FaultFlag) {
        let count = slices.count
        let slots = worker.pointers + 2 * count
        for slot in 0..<blockSlots { slots[slot] = UnsafeRawPointer(worker.block + slot * slotBytes) }
        operations.withUnsafeBufferPointer { operations in
            operands.withUnsafeBufferPointer { operands in
                layouts.withUnsafeBufferPointer { layouts in
                    strides.withUnsafeBufferPointer { strides in
                        Blocks(
                            operations: operations, operands: operands, layouts: layouts, strides: strides,
                            tiles: tiles, loops: inner.count + 1, sources: count, blockSlots: blockSlots,
                            memory: memory, bases: worker.pointers, fault: fault
                        ).run(turns, inner)
                    }
                }
            }
        }
    }

    /// The loops over blocks, with all arrays at hand.
    private struct Blocks {
        let operations: UnsafeBufferPointer<Operation>
        let operands: UnsafeBufferPointer<Int>
        let layouts: UnsafeBufferPointer<tpud_layout>
        let strides: UnsafeBufferPointer<Int>
        let tiles: [Tile]
        let loops: Int
        let sources: Int
        let blockSlots: Int
        let memory: Memory
        /// The sources' addresses at turn 0, at the current turn of the outer loops, then the slots' in the block.
        let bases: UnsafeMutablePointer<UnsafeRawPointer>
        let fault: FaultFlag

        private var origins: UnsafeMutablePointer<UnsafeRawPointer> { bases + sources }

        func run(_ turns: Range<Int>, _ inner: [Int]) {
            switch inner.count {
            case 0:
                move { _ in 0 }
                plane(rows: 0..<1, columns: turns)
            case 1:
                move { _ in 0 }
                plane(rows: turns, columns: 0..<inner[0])
            case 2:
                for turn in turns {
                    move { turn * strides[$0 * loops] }
                    plane(rows: 0..<inner[0], columns: 0..<inner[1])
                }
            default:
                for turn in turns {
                    for step in 0..<inner[0] {
                        move { turn * strides[$0 * loops] + step * strides[$0 * loops + 1] }
                        plane(rows: 0..<inner[1], columns: 0..<inner[2])
                    }
                }
            }
        }

        @inline(__always)
        private func move(_ distance: (Int) -> Int) {
            for source in 0..<sources { origins[source] = bases[source] + distance(source) }
        }

        /// The two innermost loops, a block at a time: some rows, or a part of one.
        private func plane(rows: Range<Int>, columns: Range<Int>) {
            let rowsInBlock = max(1, FusedGroup.blockElements / max(1, columns.count))
            for tile in tiles {
                let target = UnsafeMutableRawPointer(mutating: bases[2 * sources + tile.slot])
                for row in 0..<min(rowsInBlock, rows.count) {
                    (target + row * tile.bytes).copyMemory(from: origins[tile.source], byteCount: tile.bytes)
                }
            }
            var row = rows.lowerBound
            while row < rows.upperBound {
                let rowCount = min(rowsInBlock, rows.upperBound - row)
                var column = columns.lowerBound
                while column < columns.upperBound {
                    let columnCount = min(FusedGroup.blockElements, columns.upperBound - column)
                    let slots = bases + 2 * sources
                    for source in 0..<sources {
                        let last = source * loops + loops - 1
                        let down = loops > 1 ? row * strides[last - 1] : 0
                        slots[blockSlots + source] = origins[source] + (down + column * strides[last])
                    }
                    block(rowCount, columnCount, slots, first: column)
                    column += columnCount
                }
                row += rowCount
            }
        }

        private func block(
            _ rows: Int, _ columns: Int, _ slots: UnsafeMutablePointer<UnsafeRawPointer>, first: Int
        ) {
            let pointers = slots + blockSlots + sources
            for operation in operations {
                let out = UnsafeMutableRawPointer(mutating: slots[operation.result])
                let range = operation.operands
                for index in range { pointers[index - range.lowerBound] = slots[operands[index]] }
                switch operation.body {
                case .elementwise(let elementwise):
                    // An elementwise op has operands and so layouts.
                    elementwise.apply(
                        out, pointers, layouts.baseAddress! + range.lowerBound, rows: operation.isFlat ? 1 : rows,
                        n: operation.isFlat ? rows * columns : columns)
                case .copy(let size): out.copyMemory(from: pointers[0], byteCount: rows * columns * size)
                case .merge(let merge, let buffer, let arrays, let stride):
                    merge.run(
                        out, memory[buffer], arrays: arrays, stride: stride, pointers,
                        range: first..<(first + columns))
                case .check(let dtype, let order):
                    if !dtype.isFinite(out, count: rows * columns) { fault.report(order) }
                }
            }
        }
    }
}

/// A fused group as a lane's step.
struct FusedStep: LaneStep {
    /// The group.
    let group: FusedGroup
    /// Told of variables that are not finite.
    let fault: FaultFlag

    var nodes: [ValueID] { group.nodes }
    var addressText: String { group.addressText }

    func run(_ lane: LaneContext) throws(ExecutorError) { group.run(lane, fault: fault) }
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
        case .bool, .uint8, .int8, .uint16, .int16, .int32, .int64, .bfloat16: return true
        }
    }
}
