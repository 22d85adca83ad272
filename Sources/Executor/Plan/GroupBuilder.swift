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
        let layouts: [tpud_layout]
        let isFlat: Bool
    }

    /// Elements of a row.
    let width: Int
    private var nodes: [Int] = []
    private var drafts: [Draft] = []
    private var sources: [FusedGroup.Source] = []
    private var sourcePlaces: [FusedGroup.Source: Int] = [:]
    private var slots: [Int: Slot] = [:]
    private var free: [Int] = []
    private var blockSlots = 0
    private var elementBytes = 1

    /// A group whose rows have so many elements.
    init(width: Int) { self.width = width }

    /// Adds an elementwise op.
    ///
    /// - Parameters:
    ///   - value: the value that it defines.
    ///   - target: where in memory it goes; nil for block memory.
    ///   - source: where a value that the group does not define is found, with the bytes from row to row.
    mutating func add(
        _ elementwise: Elementwise, _ work: Work, value: Int, target: FusedGroup.Source?,
        dying: [Int], source: (Read) -> FusedGroup.Source
    ) {
        nodes.append(work.node)
        let operands = work.reads.map { slot(of: $0, source) }
        let isFlat = work.reads.allSatisfy { $0.access == .rows || $0.access == .scalar }
        let layouts = work.reads.map { read in
            switch read.access {
            case .rows: isFlat ? tpud_layout(row: 0, step: 1) : tpud_layout(row: width, step: 1)
            case .column: tpud_layout(row: 1, step: 0)
            case .scalar, .whole: tpud_layout(row: 0, step: 0)
            case .vector: tpud_layout(row: 0, step: 1)
            }
        }
        let result = define(value, elementwise.result, target)
        drafts.append(
            Draft(
                body: .elementwise(elementwise), result: result, operands: operands, layouts: layouts, isFlat: isFlat))
        release(dying)
    }

    /// Adds the sum of arrays that lie in a buffer.
    mutating func addMerge(
        _ merge: Merge, buffer: Int, parts: Int, stride: Int, value: Int, target: FusedGroup.Source?
    ) {
        nodes.append(value)
        let result = define(value, merge.dtype, target)
        drafts.append(
            Draft(
                body: .merge(merge, buffer: buffer, parts: parts, stride: stride), result: result, operands: [],
                layouts: [], isFlat: true))
    }

    /// Adds a copy of a value to memory.
    mutating func addCopy(
        _ read: Read, dtype: DType, to target: FusedGroup.Source, source: (Read) -> FusedGroup.Source
    ) {
        let operand = slot(of: read, source)
        drafts.append(
            Draft(
                body: .copy(size: dtype.size), result: memory(target), operands: [operand], layouts: [], isFlat: true))
    }

    /// Adds a look whether what was stored to memory is finite.
    mutating func addCheck(_ dtype: DType, order: Int, at target: FusedGroup.Source) {
        guard dtype.isFloating else { return }
        drafts.append(
            Draft(body: .check(dtype, order: order), result: memory(target), operands: [], layouts: [], isFlat: true))
    }

    /// The group.
    func finish() -> FusedGroup {
        func number(_ slot: Slot) -> Int {
            switch slot {
            case .block(let index): index
            case .source(let index): blockSlots + index
            }
        }
        return FusedGroup(
            nodes: nodes,
            instructions: drafts.map {
                FusedGroup.Instruction(
                    body: $0.body, result: number($0.result), operands: $0.operands.map(number), layouts: $0.layouts,
                    isFlat: $0.isFlat)
            }, blockSlots: blockSlots, sources: sources, width: width, elementBytes: elementBytes)
    }

    private mutating func slot(of read: Read, _ source: (Read) -> FusedGroup.Source) -> Slot {
        if let slot = slots[read.value], read.access == .rows { return slot }
        return memory(source(read))
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
            elementBytes = max(elementBytes, dtype.size)
            if let index = free.popLast() {
                slot = .block(index)
            } else {
                slot = .block(blockSlots)
                blockSlots += 1
            }
        }
        slots[value] = slot
        return slot
    }

    private mutating func release(_ values: [Int]) {
        for value in values { if case .block(let index)? = slots[value] { free.append(index) } }
    }
}
