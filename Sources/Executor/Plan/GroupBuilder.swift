import CKernels
import Graph

/// Puts a fused group together, operation by operation.
struct GroupBuilder {
    /// Where an operation's result or operand is.
    private enum Slot: Hashable {
        case block(Int)
        case source(Int)
    }

    /// An operation whose operands and result have no numbers yet.
    private struct SymbolicOperation {
        let body: FusedGroup.Operation.Body
        let result: Slot
        let operands: [Slot]
    }

    /// The loops that it runs in.
    private let nest: LoopNest
    private var nodes: [ValueID] = []
    private var symbolic: [SymbolicOperation] = []
    private var sources: [FusedGroup.Source] = []
    private var sourceNumbers: [FusedGroup.Source: Int] = [:]
    private var slots: [LoweredValue: Slot] = [:]
    /// What is kept in bfloat16, as the float32 that ops compute with.
    private var wide: [Argument: Int] = [:]
    private var free: [Int] = []
    private var blockSlots = 0
    private var elementBytes = 1

    /// A group that runs in these loops.
    init(_ nest: LoopNest) { self.nest = nest }

    /// A value in memory as the group reads or writes it.
    ///
    /// - Parameter countInSample: elements of the value in one sample; only what is stretched has others than the group.
    func source(
        _ slice: BufferSlice, _ indexing: Argument.Indexing, _ dtype: DType, countInSample: Int
    ) -> FusedGroup.Source {
        let distances = nest.distances
        let steps =
            switch indexing {
            case .rows: distances
            case .scalar, .whole: distances.map { _ in 0 }
            case .stretchedRows(let stretch): [countInSample] + distances.dropFirst().map(stretch.stride)
            case .stretched(let stretch): [0] + distances.dropFirst().map(stretch.stride)
            }
        return FusedGroup.Source(
            slice: slice, strides: steps.map { $0.multiplied(saturating: dtype.size) }, size: dtype.size)
    }

    /// Adds an elementwise op.
    ///
    /// - Parameters:
    ///   - types: element types of its operands in memory; bfloat16 is widened.
    ///   - target: where in memory the result goes; nil for block memory.
    ///   - lastUses: values that nothing behind it reads.
    ///   - source: where a value that the group does not define is found.
    mutating func add(
        _ elementwise: Elementwise, _ instruction: Instruction, types: [TensorType], target: FusedGroup.Source?,
        lastUses: [LoweredValue], source: (Argument) -> FusedGroup.Source
    ) {
        nodes.append(instruction.node)
        let operands = zip(instruction.arguments, types).map { argument, type in
            let isWidened = type.dtype == .bfloat16 && elementwise.operand != .bfloat16
            return isWidened ? wideSlot(of: argument, source) : slot(of: argument, source)
        }
        let result = define(.result(instruction.node), elementwise.result, target)
        symbolic.append(SymbolicOperation(body: .elementwise(elementwise), result: result, operands: operands))
        release(lastUses)
    }

    /// Adds the sum of arrays that lie in a buffer, which is a node's result.
    mutating func addMerge(
        _ merge: Merge, buffer: BufferID, arrays: Int, stride: Int, node: ValueID, target: FusedGroup.Source?
    ) {
        nodes.append(node)
        let result = define(.result(node), merge.dtype, target)
        symbolic.append(
            SymbolicOperation(
                body: .merge(merge, buffer: buffer, arrays: arrays, stride: stride), result: result, operands: []))
    }

    /// Adds a copy of a value to memory.
    mutating func addCopy(
        _ argument: Argument, dtype: DType, to target: FusedGroup.Source, source: (Argument) -> FusedGroup.Source
    ) {
        let operand = slot(of: argument, source)
        symbolic.append(SymbolicOperation(body: .copy(size: dtype.size), result: memory(target), operands: [operand]))
    }

    /// Adds a look whether what was stored to memory is finite.
    mutating func addCheck(_ dtype: DType, order: Int, at target: FusedGroup.Source) {
        guard dtype.isFloating else { return }
        symbolic.append(SymbolicOperation(body: .check(dtype, order: order), result: memory(target), operands: []))
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
                FusedGroup.Source(slice: $0.slice, strides: Array($0.strides.dropFirst()), size: $0.size)
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
        var operations: [FusedGroup.Operation] = []
        var operands: [Int] = []
        var layouts: [tpud_layout] = []
        for operation in symbolic {
            let own = operation.operands.map(layout)
            // One long row: each operand runs through all of the block or stands still.
            let isFlat =
                inner.isEmpty
                || own.allSatisfy { $0.step == 1 && $0.row == columns || $0.step == 0 && $0.row == 0 }
            operations.append(
                FusedGroup.Operation(
                    body: operation.body, result: number(operation.result),
                    operands: operands.count..<(operands.count + own.count), isFlat: isFlat))
            operands += operation.operands.map(number)
            layouts += own
        }
        return FusedGroup(
            nodes: nodes, operations: operations, operands: operands, layouts: layouts, blockSlots: blockSlots,
            sources: sources, tiles: tiles, turnsInSample: turns, inner: inner, elementBytes: elementBytes)
    }

    /// Whether the rows of a source are short, all the same, and enough of them for a block and more.
    private func isTiled(_ source: FusedGroup.Source, _ inner: [Int]) -> Bool {
        guard let columns = inner.last, (2...128).contains(columns) else { return false }
        let steps = source.strides.suffix(2)
        let rows = inner.count > 1 ? inner[inner.count - 2] : .max
        return Array(steps) == [0, source.size] && rows >= 2 * FusedGroup.blockElements / columns
    }

    private mutating func slot(of argument: Argument, _ source: (Argument) -> FusedGroup.Source) -> Slot {
        if let slot = slots[argument.value], argument.indexing == .rows { return slot }
        return memory(source(argument))
    }

    /// Where a value kept in bfloat16 is as float32.
    private mutating func wideSlot(of argument: Argument, _ source: (Argument) -> FusedGroup.Source) -> Slot {
        if let index = wide[argument] { return .block(index) }
        let narrow = slot(of: argument, source)
        let index = freeSlot(.float32)
        wide[argument] = index
        symbolic.append(SymbolicOperation(body: .elementwise(.widening), result: .block(index), operands: [narrow]))
        return .block(index)
    }

    private mutating func memory(_ source: FusedGroup.Source) -> Slot {
        if let index = sourceNumbers[source] { return .source(index) }
        sourceNumbers[source] = sources.count
        sources.append(source)
        return .source(sources.count - 1)
    }

    private mutating func define(_ value: LoweredValue, _ dtype: DType, _ target: FusedGroup.Source?) -> Slot {
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

    private mutating func release(_ values: [LoweredValue]) {
        for value in values {
            if case .block(let index)? = slots[value] { free.append(index) }
            for (argument, index) in wide.filter({ $0.key.value == value }).sorted(by: { $0.value < $1.value }) {
                free.append(index)
                wide[argument] = nil
            }
        }
    }
}
