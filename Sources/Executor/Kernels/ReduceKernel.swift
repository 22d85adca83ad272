import CKernels
import Graph

/// Reductions over any axes, starting from the reduction's identity. 32-bit sums over the last axes and over the first
/// axes, and maxima over the last, go by vectorised loops; all else adds element after element in row-major order.
struct ReduceKernel: Kernel {
    private enum Path {
        case rowSum(n: Int)
        case rowMax(n: Int)
        case columnSum(rowsInRow: Int, n: Int)
        case walk
    }

    private let reduction: Reduction
    private let dtype: DType
    private let extents: [Int]
    private let strides: [Int]
    /// Strides of the result along the operand's axes: 0 along those that vanish.
    private let targetStrides: [Int]
    private let path: Path
    private let keptInRow: Int
    private let reducesRows: Bool

    /// Whether a node sums over the first axes in 32 bits, which reads what is kept in bfloat16 as it is.
    static func isColumnSum(_ node: Node, of operand: TensorType) -> Bool {
        guard case .reduce(.sum, let axes) = node.op, operand.dtype == .float32 || operand.dtype == .bfloat16 else {
            return false
        }
        return axes == Array(axes.indices) && !axes.isEmpty && axes.count < operand.shape.rank
    }

    /// Nil for other ops.
    init?(_ node: Node, operand: TensorType) throws(ExecutorError) {
        guard case .reduce(let reduction, let axes) = node.op else { return nil }
        guard operand.dtype != .bool else {
            throw ExecutorError(.unsupported, "no reduction of bool", at: node)
        }
        self.reduction = reduction
        dtype = operand.dtype
        let shape = operand.shape
        extents = shape.rank == 0 ? [1] : shape.dimensions
        strides = shape.rank == 0 ? [1] : shape.strides
        let kept = shape.removing(axes: axes)
        var target = [Int](repeating: 0, count: max(1, shape.rank))
        var keptAxis = 0
        for axis in 0..<shape.rank where !axes.contains(axis) {
            target[axis] = kept.strides[keptAxis]
            keptAxis += 1
        }
        targetStrides = target
        reducesRows = axes.contains(0)
        keptInRow = extents.indices.dropFirst().filter { !axes.contains($0) }.reduce(1) { $0 * shape[$1] }
        let rank = shape.rank
        let isTail = axes == Array((rank - axes.count)..<rank) && !axes.isEmpty
        let tail = axes.reduce(1) { $0 * shape[$1] }
        switch (dtype, reduction) {
        case _ where ReduceKernel.isColumnSum(node, of: operand):
            path = .columnSum(
                rowsInRow: shape.dimensions[1..<axes.count].reduce(1, *),
                n: shape.dimensions[axes.count...].reduce(1, *))
        case (.float32, .sum) where isTail && !reducesRows && tail > 0: path = .rowSum(n: tail)
        case (.float32, .max) where isTail && !reducesRows && tail > 0: path = .rowMax(n: tail)
        // All axes vanish: one sum over all rows.
        case (.float32, .sum) where isTail && reducesRows: path = .rowSum(n: 0)
        default: path = .walk
        }
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        switch path {
        case .rowSum(let n):
            let x = operands[0].assumingMemoryBound(to: Float.self)
            let result = out.assumingMemoryBound(to: Float.self)
            if n == 0 {
                tpud_row_sum_f32(result, x, 1, rows * strides[0])
            } else {
                tpud_row_sum_f32(result, x, rows * keptInRow, n)
            }
        case .rowMax(let n):
            tpud_row_max_f32(
                out.assumingMemoryBound(to: Float.self), operands[0].assumingMemoryBound(to: Float.self),
                rows * keptInRow, n)
        case .columnSum(let rowsInRow, let n) where dtype == .bfloat16:
            tpud_column_sum_bf16(
                out.assumingMemoryBound(to: Float.self), operands[0].assumingMemoryBound(to: UInt16.self),
                rows * rowsInRow, n)
        case .columnSum(let rowsInRow, let n):
            tpud_column_sum_f32(
                out.assumingMemoryBound(to: Float.self), operands[0].assumingMemoryBound(to: Float.self),
                rows * rowsInRow, n)
        case .walk:
            switch dtype {
            case .float32: reduce(out, operands[0], rows, -Float.infinity, .infinity, reduction.floating())
            case .float64: reduce(out, operands[0], rows, -Double.infinity, .infinity, reduction.floating())
            case .uint8, .bool: integer(out, operands[0], rows, UInt8.self)
            case .int8: integer(out, operands[0], rows, Int8.self)
            case .uint16: integer(out, operands[0], rows, UInt16.self)
            case .int16: integer(out, operands[0], rows, Int16.self)
            case .int32: integer(out, operands[0], rows, Int32.self)
            case .int64: integer(out, operands[0], rows, Int64.self)
            case .bfloat16: preconditionFailure("bfloat16 is widened before it is computed with")
            }
        }
    }

    private func integer<T: FixedWidthInteger>(
        _ out: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ rows: Int, _: T.Type
    ) {
        reduce(out, source, rows, T.min, T.max, reduction.integer())
    }

    private func reduce<T: Numeric>(
        _ out: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ rows: Int, _ least: T, _ most: T,
        _ combine: (T, T) -> T
    ) {
        let out = out.assumingMemoryBound(to: T.self)
        let identity: T =
            switch reduction {
            case .sum: 0
            case .product: 1
            case .max: least
            case .min: most
            }
        out.update(repeating: identity, count: keptInRow * (reducesRows ? 1 : rows))
        walk(0, rows, out, source.assumingMemoryBound(to: T.self), combine)
    }

    private func walk<T>(
        _ axis: Int, _ extent: Int, _ out: UnsafeMutablePointer<T>, _ source: UnsafePointer<T>,
        _ combine: (T, T) -> T
    ) {
        let from = strides[axis]
        let to = targetStrides[axis]
        if axis == extents.count - 1 {
            for i in 0..<extent { out[i * to] = combine(out[i * to], source[i * from]) }
            return
        }
        for i in 0..<extent { walk(axis + 1, extents[axis + 1], out + i * to, source + i * from, combine) }
    }
}
