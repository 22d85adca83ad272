import Graph

/// Copies elements between two row-major arrangements, each with its own strides: what transpose, slice, broadcast and
/// pad do.
struct StridedCopy: Sendable {
    /// Extents of the elements that are copied; the first may be given anew with each call.
    private let extents: [Int]
    private let sourceStrides: [Int]
    private let targetStrides: [Int]
    private let sourceOffset: Int
    private let targetOffset: Int
    private let size: Int

    /// Strides and offsets in elements of `size` bytes.
    init(
        extents: [Int], sourceStrides: [Int], targetStrides: [Int], sourceOffset: Int = 0, targetOffset: Int = 0,
        size: Int
    ) {
        // A scalar is one row of one element.
        self.extents = extents.isEmpty ? [1] : extents
        self.sourceStrides = extents.isEmpty ? [1] : sourceStrides
        self.targetStrides = extents.isEmpty ? [1] : targetStrides
        self.sourceOffset = sourceOffset
        self.targetOffset = targetOffset
        self.size = size
    }

    /// Copies `rows` rows of the first axis.
    func run(_ out: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, rows: Int) {
        switch size {
        case 1: copy(out, source, rows, UInt8.self)
        case 2: copy(out, source, rows, UInt16.self)
        case 4: copy(out, source, rows, UInt32.self)
        default: copy(out, source, rows, UInt64.self)
        }
    }

    private func copy<Bits>(_ out: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ rows: Int, _: Bits.Type) {
        walk(
            0, rows, out.assumingMemoryBound(to: Bits.self) + targetOffset,
            source.assumingMemoryBound(to: Bits.self) + sourceOffset)
    }

    private func walk<Bits>(
        _ axis: Int, _ extent: Int, _ out: UnsafeMutablePointer<Bits>, _ source: UnsafePointer<Bits>
    ) {
        let from = sourceStrides[axis]
        let to = targetStrides[axis]
        if axis == extents.count - 1 {
            if from == 1, to == 1 {
                out.update(from: source, count: extent)
            } else if from == 0, to == 1 {
                if extent > 0 { out.update(repeating: source[0], count: extent) }
            } else {
                for i in 0..<extent { out[i * to] = source[i * from] }
            }
            return
        }
        for i in 0..<extent { walk(axis + 1, extents[axis + 1], out + i * to, source + i * from) }
    }
}

/// Transpose, slice, reverse and broadcast: one strided copy of the operand.
struct RearrangeKernel: Kernel {
    private let copy: StridedCopy

    /// Nil for other ops.
    init?(_ node: Node, operand: TensorType) {
        let size = operand.dtype.size
        let strides = operand.shape.strides
        let extents = node.type.shape.dimensions
        let target = node.type.shape.strides
        switch node.op {
        case .transpose(let permutation):
            copy = StridedCopy(
                extents: extents, sourceStrides: permutation.map { strides[$0] }, targetStrides: target, size: size)
        case .slice(let starts, _, let steps):
            copy = StridedCopy(
                // A step that leaves the axis leaves one element, and no further one is looked for.
                extents: extents, sourceStrides: zip(strides, steps).map { $0.multiplied(saturating: $1) },
                targetStrides: target,
                sourceOffset: zip(strides, starts).map(*).reduce(0, +), size: size)
        case .reverse(let axes):
            let ends = axes.map { (extents[$0] - 1) * strides[$0] }.reduce(0, +)
            copy = StridedCopy(
                extents: extents, sourceStrides: strides.indices.map { axes.contains($0) ? -strides[$0] : strides[$0] },
                targetStrides: target, sourceOffset: node.type.count == 0 ? 0 : ends, size: size)
        case .broadcast(_, let dimensions):
            var source = [Int](repeating: 0, count: extents.count)
            for (axis, place) in dimensions.enumerated() where operand.shape[axis] == extents[place] {
                source[place] = strides[axis]
            }
            copy = StridedCopy(extents: extents, sourceStrides: source, targetStrides: target, size: size)
        default:
            return nil
        }
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        copy.run(out, operands[0], rows: rows)
    }
}

/// Pad: fills, then copies the operand's elements to their places.
struct PadKernel: Kernel {
    private let copy: StridedCopy
    private let fill: StridedCopy

    /// Nil for other ops.
    init?(_ node: Node, operand: TensorType) {
        guard case .pad(let low, _, let interior) = node.op else { return nil }
        let size = operand.dtype.size
        let target = node.type.shape.strides
        copy = StridedCopy(
            extents: operand.shape.dimensions, sourceStrides: operand.shape.strides,
            // A gap that no second element follows may be of any length.
            targetStrides: zip(target, interior).map { $0.multiplied(saturating: $1 + 1) },
            targetOffset: zip(target, low).map(*).reduce(0, +), size: size)
        fill = StridedCopy(
            extents: node.type.shape.dimensions, sourceStrides: target.map { _ in 0 }, targetStrides: target,
            size: size)
        operandRows = operand.shape.dimensions.first ?? 1
        resultRows = node.type.shape.dimensions.first ?? 1
    }

    private let operandRows: Int
    private let resultRows: Int

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        // Rows that are independent are padded along other axes only; then both extents are the same.
        fill.run(out, operands[1], rows: rows == operandRows ? resultRows : rows)
        copy.run(out, operands[0], rows: rows)
    }
}

/// Concatenate: each operand's blocks one behind the other.
struct ConcatenateKernel: Kernel {
    /// Bytes of each operand's block, and of all together.
    private let blocks: [Int]
    private let total: Int
    /// Blocks in a row of the first axis; nil when that axis is the one along which operands follow each other.
    private let blocksInRow: Int?

    /// Nil for other ops.
    init?(_ node: Node, operands: [TensorType]) {
        guard case .concatenate(let axis) = node.op else { return nil }
        let size = node.type.dtype.size
        blocks = operands.map { $0.shape.dimensions[axis...].reduce(size, *) }
        total = blocks.reduce(0, +)
        blocksInRow = axis == 0 ? nil : node.type.shape.dimensions[1..<axis].reduce(1, *)
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        var place = 0
        for (index, block) in blocks.enumerated() {
            for i in 0..<(blocksInRow.map { $0 * rows } ?? 1) {
                (out + i * total + place).copyMemory(from: operands[index] + i * block, byteCount: block)
            }
            place += block
        }
    }
}
