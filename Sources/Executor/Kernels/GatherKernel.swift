import Graph

/// Rows of a table at indices; rows are those of the indices' first axis (one for a single index), the table is whole.
struct GatherKernel: Kernel {
    private let indices: DType
    /// Indices in a row.
    private let indicesInRow: Int
    private let tableRows: Int
    /// Bytes of one of the table's rows.
    private let rowBytes: Int
    /// The bytes of a row that an index outside gives.
    private let outside: [UInt8]

    /// Nil for other ops.
    init?(_ node: Node, operands: [TensorType]) {
        guard node.op == .gather else { return nil }
        indices = operands[1].dtype
        indicesInRow = operands[1].shape.dimensions.dropFirst().reduce(1, *)
        let row = operands[0].with(operands[0].shape.removing(axes: [0]))
        tableRows = operands[0].shape[0]
        rowBytes = row.byteCount
        outside = Literal.splat(row.dtype.isFloating ? .nan : 0, row).bytes
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        indices.forEachIndex(operands[1], rows * indicesInRow) { number, row in
            let target = out + number * rowBytes
            if row >= 0, row < Int64(tableRows) {
                target.copyMemory(from: operands[0] + Int(row) * rowBytes, byteCount: rowBytes)
            } else {
                outside.withUnsafeBytes {
                    if let base = $0.baseAddress { target.copyMemory(from: base, byteCount: rowBytes) }
                }
            }
        }
    }
}

/// The sum of updates by index; rows are those of the indices' first axis (one for a single index), over which it sums.
struct ScatterAddKernel: AddingKernel {
    private let indices: DType
    private let dtype: DType
    private let indicesInRow: Int
    private let tableRows: Int
    /// Elements of one of the result's rows.
    private let width: Int

    /// Nil for other ops.
    init?(_ node: Node, operands: [TensorType]) {
        guard case .scatterAdd(let rows) = node.op else { return nil }
        indices = operands[0].dtype
        dtype = node.type.dtype
        indicesInRow = operands[0].shape.dimensions.dropFirst().reduce(1, *)
        tableRows = rows
        width = node.type.shape.removing(axes: [0]).count
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        out.initializeMemory(as: UInt8.self, repeating: 0, count: tableRows * width * dtype.size)
        try add(to: out, operands, rows: rows, scratch: scratch)
    }

    func add(
        to out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        let count = rows * indicesInRow
        switch dtype {
        case .float32: add(out, operands, count, Float.self, +)
        case .float64: add(out, operands, count, Double.self, +)
        case .bool, .uint8: add(out, operands, count, UInt8.self, &+)
        case .int8: add(out, operands, count, Int8.self, &+)
        case .uint16: add(out, operands, count, UInt16.self, &+)
        case .int16: add(out, operands, count, Int16.self, &+)
        case .int32: add(out, operands, count, Int32.self, &+)
        case .int64: add(out, operands, count, Int64.self, &+)
        case .bfloat16: preconditionFailure("sums are not kept in bfloat16")
        }
    }

    @inline(__always)
    private func add<T: Numeric>(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, _ count: Int, _: T.Type,
        _ sum: (T, T) -> T
    ) {
        let out = out.assumingMemoryBound(to: T.self)
        let updates = operands[1].assumingMemoryBound(to: T.self)
        indices.forEachIndex(operands[0], count) { number, row in
            guard row >= 0, row < Int64(tableRows) else { return }
            let (target, update) = (out + Int(row) * width, updates + number * width)
            for i in 0..<width { target[i] = sum(target[i], update[i]) }
        }
    }
}

extension DType {
    /// Calls the closure with each of so many integers of this type.
    @inline(__always)
    fileprivate func forEachIndex(_ elements: UnsafeRawPointer, _ count: Int, _ body: (Int, Int64) -> Void) {
        func each<T: BinaryInteger>(_: T.Type) {
            let elements = elements.assumingMemoryBound(to: T.self)
            for i in 0..<count { body(i, Int64(elements[i])) }
        }
        switch self {
        case .uint8: each(UInt8.self)
        case .int8: each(Int8.self)
        case .uint16: each(UInt16.self)
        case .int16: each(Int16.self)
        case .int32: each(Int32.self)
        case .int64: each(Int64.self)
        case .bool, .float32, .float64, .bfloat16:
            preconditionFailure("the verifier lets integers through as indices only")
        }
    }
}
