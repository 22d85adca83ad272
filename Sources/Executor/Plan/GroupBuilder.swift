import CKernels
import Graph

/// Puts a fused group together, instruction by instruction.
struct GroupBuilder {
    /// Where an instruction's result or operand is.
    private enum Slot: Hashable {
        case block(Int)
        case source(Int)
    }

    private struct Draft {
        let body: FusedGroup.Body
        let result: Slot
        let operands: [Slot]
    }

    /// The loops that it runs in.
    private let nest: LoopNest
    private var nodes: [Int] = []
    private var drafts: [Draft] = []
    private var sources: [FusedGroup.Source] = []
    private var sourcePlaces: [FusedGroup.Source: Int] = [:]
    private var slots: [Int: Slot] = [:]
    /// What is kept in bfloat16, as the float32 that ops compute with.
    private var wide: [Read: Int] = [:]
    private var free: [Int] = []
    private var blockSlots = 0
    private var elementBytes = 1

    /// A group that runs in these loops.
    init(_ nest: LoopNest) { self.nest = nest }

    /// A value in memory as the group reads or writes it.
    ///
    /// - Parameter countInSample: elements of the value in one sample; only what is stretched has others than the group.
    func source(_ place: BufferSlice, _ access: Access, _ dtype: DType, countInSample: Int) -> FusedGroup.Source {
        let distances = nest.distances
        let steps =
            switch access {
            case .rows: distances
            case .scalar, .whole: distances.map { _ in 0 }
            case .stretchedRows(let stretch): [countInSample] + distances.dropFirst().map(stretch.stride)
            case .stretched(let stretch): [0] + distances.dropFirst().map(stretch.stride)
            }
        return FusedGroup.Source(
            place: place, strides: steps.map { $0.multiplied(saturating: dtype.size) }, size: dtype.size)
    }

    /// Adds an elementwise op.
    ///
    /// - Parameters:
    ///   - types: element types of its operands in memory; bfloat16 is widened.
    ///   - value: the value that it defines.
    ///   - target: where in memory it goes; nil for block memory.
    ///   - source: where a value that the group does not define is found.
    mutating func add(
        _ elementwise: Elementwise, _ work: Work, types: [TensorType], value: Int, target: FusedGroup.Source?,
        dying: [Int], source: (Read) -> FusedGroup.Source
    ) {
        nodes.append(work.node)
        let operands = zip(work.reads, types).map { read, type in
            let isWidened = type.dtype == .bfloat16 && elementwise.operand != .bfloat16
            return isWidened ? wideSlot(of: read, source) : slot(of: read, source)
        }
        let result = define(value, elementwise.result, target)
        drafts.append(Draft(body: .elementwise(elementwise), result: result, operands: operands))
        release(dying)
    }

    /// Adds the sum of arrays that lie in a buffer.
    mutating func addMerge(
        _ merge: Merge, buffer: Int, parts: Int, stride: Int, value: Int, target: FusedGroup.Source?
    ) {
        nodes.append(value)
        let result = define(value, merge.dtype, target)
        drafts.append(
            Draft(body: .merge(merge, buffer: buffer, parts: parts, stride: stride), result: result, operands: []))
    }

    /// Adds a copy of a value to memory.
    mutating func addCopy(
        _ read: Read, dtype: DType, to target: FusedGroup.Source, source: (Read) -> FusedGroup.Source
    ) {
        let operand = slot(of: read, source)
        drafts.append(Draft(body: .copy(size: dtype.size), result: memory(target), operands: [operand]))
    }

    /// Adds a look whether what was stored to memory is finite.
    mutating func addCheck(_ dtype: DType, order: Int, at target: FusedGroup.Source) {
        guard dtype.isFloating else { return }
        drafts.append(Draft(body: .check(dtype, order: order), result: memory(target), operands: []))
    }

    /// The group.
    func finish() -> FusedGroup {
        var inner = nest.extents
        var sources = sources
        var turns = 1
        // Samples follow one another as the steps of the first loop within do, unless a source is stretched there.
        if let first = inner.first, sources.allSatisfy({ $0.strides[0] == first.multiplied(saturating: $0.strides[1]) })
        {
            turns = inner.removeFirst()
            sources = sources.map {
                FusedGroup.Source(place: $0.place, strides: Array($0.strides.dropFirst()), size: $0.size)
            }
        }
        let columns = inner.last ?? 1
        var blockSlots = blockSlots
        var elementBytes = elementBytes
        var tiled: [Int: Int] = [:]
        var tiles: [FusedGroup.Tile] = []
        for (index, source) in sources.enumerated() where isTiled(source, inner) {
            tiled[index] = blockSlots
            tiles.append(FusedGroup.Tile(source: index, slot: blockSlots, bytes: columns * source.size))
            elementBytes = max(elementBytes, source.size)
            blockSlots += 1
        }
        func number(_ slot: Slot) -> Int {
            switch slot {
            case .block(let index): index
            case .source(let index): tiled[index] ?? blockSlots + index
            }
        }
        func layout(_ slot: Slot) -> tpud_layout {
            guard case .source(let index) = slot, tiled[index] == nil else {
                return tpud_layout(row: columns, step: 1)
            }
            let (strides, size) = (sources[index].strides, sources[index].size)
            let row = strides.count > 1 ? strides[strides.count - 2] / size : 0
            return tpud_layout(row: row, step: strides[strides.count - 1] / size)
        }
        var instructions: [FusedGroup.Instruction] = []
        var operands: [Int] = []
        var layouts: [tpud_layout] = []
        for draft in drafts {
            let own = draft.operands.map(layout)
            // One long row: each operand runs through all of the block or stands still.
            let isFlat =
                inner.isEmpty
                || own.allSatisfy { $0.step == 1 && $0.row == columns || $0.step == 0 && $0.row == 0 }
            instructions.append(
                FusedGroup.Instruction(
                    body: draft.body, result: number(draft.result),
                    operands: operands.count..<(operands.count + own.count), isFlat: isFlat))
            operands += draft.operands.map(number)
            layouts += own
        }
        return FusedGroup(
            nodes: nodes, instructions: instructions, operands: operands, layouts: layouts, blockSlots: blockSlots,
            sources: sources, tiles: tiles, turnsInSample: turns, inner: inner, elementBytes: elementBytes)
    }

    /// Whether the rows of a source are short, all the same, and enough of them for a block and more.
    private func isTiled(_ source: FusedGroup.Source, _ inner: [Int]) -> Bool {
        guard let columns = inner.last, (2...128).contains(columns) else { return false }
        let steps = source.strides.suffix(2)
        let rows = inner.count > 1 ? inner[inner.count - 2] : .max
        return Array(steps) == [0, source.size] && rows >= 2 * FusedGroup.blockElements / columns
    }

    private mutating func slot(of read: Read, _ source: (Read) -> FusedGroup.Source) -> Slot {
        if let slot = slots[read.value], read.access == .rows { return slot }
        return memory(source(read))
    }

    /// Where a value kept in bfloat16 is as float32.
    private mutating func wideSlot(of read: Read, _ source: (Read) -> FusedGroup.Source) -> Slot {
        if let index = wide[read] { return .block(index) }
        let narrow = slot(of: read, source)
        let index = freeSlot(.float32)
        wide[read] = index
        drafts.append(Draft(body: .elementwise(.widening), result: .block(index), operands: [narrow]))
        return .block(index)
    }

    private mutating func memory(_ source: FusedGroup.Source) -> Slot {
        if let index = sourcePlaces[source] { return .source(index) }
        sourcePlaces[source] = sources.count
        sources.append(source)
        return .source(sources.count - 1)
    }

    private mutating func define(_ value: Int, _ dtype: DType, _ target: FusedGroup.Source?) -> Slot {
        let slot: Slot
        if let target {
            slot = memory(target)
        } else {
            slot = .block(freeSlot(dtype))
        }
        slots[value] = slot
        return slot
    }

    /// A slot of block memory that nothing else needs.
    private mutating func freeSlot(_ dtype: DType) -> Int {
        elementBytes = max(elementBytes, dtype.size)
        if let index = free.popLast() { return index }
        blockSlots += 1
        return blockSlots - 1
    }

    private mutating func release(_ values: [Int]) {
        for value in values {
            if case .block(let index)? = slots[value] { free.append(index) }
            for (read, index) in wide.filter({ $0.key.value == value }).sorted(by: { $0.value < $1.value }) {
                free.append(index)
                wide[read] = nil
            }
        }
    }
}
