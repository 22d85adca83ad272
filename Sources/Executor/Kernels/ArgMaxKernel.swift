import Graph

/// Index of the first largest element along one axis; a NaN counts as the largest.
struct ArgMaxKernel: Kernel {
    private let dtype: DType
    private let axis: Int
    private let extent: Int
    /// Elements between neighbours along the axis.
    private let inner: Int
    /// Places in front of the axis, without the first axis; nil when the axis is the first.
    private let outerInRow: Int?

    /// Nil for other ops.
    init?(_ node: Node, operand: TensorType) {
        guard case .argMax(let axis) = node.op else { return nil }
        dtype = operand.dtype
        self.axis = axis
        extent = operand.shape[axis]
        inner = operand.shape.strides[axis]
        outerInRow = axis == 0 ? nil : operand.shape.dimensions[1..<axis].reduce(1, *)
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        switch dtype {
        case .float32: search(out, operands[0], rows) { (best: Float, x: Float) in x > best || x.isNaN && !best.isNaN }
        case .float64:
            search(out, operands[0], rows) { (best: Double, x: Double) in x > best || x.isNaN && !best.isNaN }
        case .bool, .uint8: search(out, operands[0], rows) { (best: UInt8, x: UInt8) in x > best }
        case .int8: search(out, operands[0], rows) { (best: Int8, x: Int8) in x > best }
        case .uint16: search(out, operands[0], rows) { (best: UInt16, x: UInt16) in x > best }
        case .int16: search(out, operands[0], rows) { (best: Int16, x: Int16) in x > best }
        case .int32: search(out, operands[0], rows) { (best: Int32, x: Int32) in x > best }
        case .int64: search(out, operands[0], rows) { (best: Int64, x: Int64) in x > best }
        case .bfloat16: preconditionFailure("bfloat16 is widened before it is computed with")
        }
    }

    private func search<T>(
        _ out: UnsafeMutableRawPointer, _ source: UnsafeRawPointer, _ rows: Int, _ isLarger: (T, T) -> Bool
    ) {
        let out = out.assumingMemoryBound(to: Int64.self)
        let source = source.assumingMemoryBound(to: T.self)
        for i in 0..<(outerInRow.map { $0 * rows } ?? 1) {
            for j in 0..<inner {
                let first = source + i * extent * inner + j
                var best = 0
                for k in 1..<max(1, extent) where isLarger(first[best * inner], first[k * inner]) { best = k }
                out[i * inner + j] = Int64(best)
            }
        }
    }
}
