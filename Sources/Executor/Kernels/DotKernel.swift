import Graph

/// Matrix products; leading axes are batch axes.
///
/// Rows are the left matrix's first stored axis when there is no batch axis: the result's rows, or, for a left matrix
/// stored transposed, what is summed over. With batch axes they are the first of these.
struct DotKernel: AddingKernel {
    private let product: MatrixProduct
    private let operand: DType
    private let result: DType
    private let m: Int
    private let n: Int
    private let k: Int
    /// Products in a row of the first batch axis; nil without batch axes.
    private let productsInRow: Int?
    /// Those of bfloat16.
    private let primitives = PrimitiveTable<ProductPrimitive>()
    /// Those of bfloat16 that add.
    private let addingPrimitives = PrimitiveTable<ProductPrimitive>()

    /// Nil for other ops.
    init?(_ node: Node, operands: [TensorType]) {
        guard case .dot(let transposeLHS, let transposeRHS) = node.op else { return nil }
        product = MatrixProduct(transposeLHS: transposeLHS, transposeRHS: transposeRHS)
        operand = operands[0].dtype
        result = node.type.dtype
        let shape = node.type.shape
        m = shape[shape.rank - 2]
        n = shape[shape.rank - 1]
        k = operands[0].shape[shape.rank - (transposeLHS ? 2 : 1)]
        productsInRow = shape.rank == 2 ? nil : shape.dimensions[1..<(shape.rank - 2)].reduce(1, *)
    }

    /// The products of a call on so many rows, and their extents that depend on these.
    private func extents(_ rows: Int) -> (count: Int, m: Int, k: Int) {
        if let productsInRow { return (rows * productsInRow, m, k) }
        return product.transposeLHS ? (1, m, rows) : (1, rows, k)
    }

    func scratchBytes(rows: Int) -> Int {
        guard operand == .float32 else { return 0 }
        let (_, m, k) = extents(rows)
        return product.scratchCount(m: m, n: n, k: k).multiplied(saturating: operand.size)
    }

    func run(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        try multiply(out, operands, rows, scratch, adds: false)
    }

    func add(
        to out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, rows: Int,
        scratch: UnsafeMutableRawPointer
    ) throws(ExecutorError) {
        try multiply(out, operands, rows, scratch, adds: true)
    }

    private func multiply(
        _ out: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer>, _ rows: Int,
        _ scratch: UnsafeMutableRawPointer, adds: Bool
    ) throws(ExecutorError) {
        let (count, m, k) = extents(rows)
        if operand == .bfloat16 {
            try multiplyNarrow(out, operands[0], operands[1], rows: rows, adds)
            return
        }
        let size = operand.size
        for i in 0..<count {
            try multiply(
                out + i * m * n * size, operands[0] + i * m * k * size, operands[1] + i * k * n * size, m, k, scratch,
                adds)
        }
    }

    private func multiplyNarrow(
        _ out: UnsafeMutableRawPointer, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, rows: Int, _ adds: Bool
    ) throws(ExecutorError) {
        let (count, m, k) = extents(rows)
        guard count > 0, m > 0, n > 0, k > 0 else {
            if !adds { out.initializeMemory(as: UInt8.self, repeating: 0, count: count * m * n * result.size) }
            return
        }
        let table = adds ? addingPrimitives : primitives
        let primitive = try table.primitive(rows: rows) { () throws(ExecutorError) in
            try ProductPrimitive(product, count: count, m: m, n: n, k: k, result: result, adds: adds)
        }
        try primitive.run(a, b, into: out)
    }

    private func multiply(
        _ out: UnsafeMutableRawPointer, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ m: Int, _ k: Int,
        _ scratch: UnsafeMutableRawPointer, _ adds: Bool
    ) throws(ExecutorError) {
        if operand == .float32 {
            try product.multiply(
                a.assumingMemoryBound(to: Float.self), b.assumingMemoryBound(to: Float.self),
                into: out.assumingMemoryBound(to: Float.self), m: m, n: n, k: k, adds: adds,
                scratch: scratch.assumingMemoryBound(to: Float.self))
        } else {
            product.multiply(
                a.assumingMemoryBound(to: Double.self), b.assumingMemoryBound(to: Double.self),
                into: out.assumingMemoryBound(to: Double.self), m: m, n: n, k: k, adds: adds)
        }
    }
}
