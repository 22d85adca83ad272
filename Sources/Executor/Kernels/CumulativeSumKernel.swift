import Graph

/// Running sums along an axis; rows are those of the first axis unless the sums run along it.
struct CumulativeSumKernel: Kernel {
    private let dtype: DType
    private let isReversed: Bool
    /// Elements along the axis; nil when it is the first, whose extent comes with the call.
    private let extent: Int?
    /// Elements from one to the next along the axis.
    private let step: Int
    /// Runs of the axis in one row.
    private let runsInRow: Int

    /// Nil for other ops.
    init?(_ node: Node) {
        guard case .cumulativeSum(let axis, let isReversed) = node.op else { return nil }
        dtype = node.type.dtype
        self.isReversed = isReversed
        let shape = node.type.shape
        extent = axis == 0 ? nil : shape[axis]
        step = shape.strides[axis]
        runsInRow = axis == 0 ? 1 : shape.dimensions[1..<axis].reduce(1, *)
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        switch dtype {
        case .float32: run(out, operands[0], rows, Float.self, +)
        case .float64: run(out, operands[0], rows, Double.self, +)
        case .bool, .uint8: run(out, operands[0], rows, UInt8.self, &+)
        case .int8: run(out, operands[0], rows, Int8.self, &+)
        case .uint16: run(out, operands[0], rows, UInt16.self, &+)
        case .int16: run(out, operands[0], rows, Int16.self, &+)
        case .int32: run(out, operands[0], rows, Int32.self, &+)
        case .int64: run(out, operands[0], rows, Int64.self, &+)
        case .bfloat16: preconditionFailure("bfloat16 is widened before it is computed with")
        }
    }

    private func run<T>(
        _ out: UnsafeMutableRawPointer, _ x: UnsafeRawPointer, _ rows: Int, _: T.Type, _ sum: (T, T) -> T
    ) {
        let (count, runs) = (extent ?? rows, extent == nil ? 1 : rows * runsInRow)
        guard count > 0 else { return }
        let out = out.assumingMemoryBound(to: T.self)
        let x = x.assumingMemoryBound(to: T.self)
        for run in 0..<runs {
            let first = run * count * step
            for place in 0..<count {
                let (at, before) =
                    isReversed
                    ? (first + (count - 1 - place) * step, first + (count - place) * step)
                    : (first + place * step, first + (place - 1) * step)
                for i in 0..<step { out[at + i] = place == 0 ? x[at + i] : sum(out[before + i], x[at + i]) }
            }
        }
    }
}
