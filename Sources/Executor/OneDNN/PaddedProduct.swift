import Graph

/// Copies of a product's operands in scratch memory, their rows a little further apart.
///
/// The kernels with which oneDNN 2.6 multiplies small matrices (fewer than about 500 rows or columns) as they lie walk down
/// the columns of an operand. Where its rows lie a multiple of 1 KiB apart, these fall into the same few sets of the
/// first-level cache, and the product runs at half its speed and less. Larger products are packed by oneDNN itself.
struct PaddedProduct: Sendable, Hashable {
    /// Rows of the left matrix and of the result.
    let m: Int
    /// Columns of the right matrix and of the result.
    let n: Int
    /// What is summed over.
    let k: Int
    /// True where the left matrix, stored [k,m], is copied.
    let copiesLHS: Bool
    /// True where the right matrix, stored [k,n], is copied, some columns at a time.
    let copiesRHS: Bool

    /// Floats that the copies' rows are longer than the operands': a cache line.
    private static let gap = 16
    /// Columns of the right matrix that are copied at a time, so that they are in the second-level cache when they are read,
    /// and floats of 1 KiB.
    private static let panel = 256
    /// Each number that is copied is used at least so often.
    private static let leastUses = 32

    /// Whether and what a product copies.
    init(_ product: MatrixProduct, m: Int, n: Int, k: Int) {
        (self.m, self.n, self.k) = (m, n, k)
        let isSmall = !PaddedProduct.isPacked(m, n)
        copiesLHS = isSmall && product.transposeLHS && PaddedProduct.isAligned(m) && n >= PaddedProduct.leastUses
        copiesRHS = isSmall && !product.transposeRHS && PaddedProduct.isAligned(n) && m >= PaddedProduct.leastUses
    }

    /// oneDNN's own rule for when it packs.
    private static func isPacked(_ m: Int, _ n: Int) -> Bool {
        m > 0 && n > 0 && 1 / Double(m) + 1 / Double(n) < 0.0038
    }

    private static func isAligned(_ row: Int) -> Bool { row > 0 && row.isMultiple(of: panel) }

    /// Floats of scratch memory that are enough for a product of these extents, and for one of fewer rows of the operands.
    static func scratchCount(_ product: MatrixProduct, m: Int, n: Int, k: Int) -> Int {
        // Of a transposed left matrix the rows are what is summed over, else they are m, on which it depends who packs.
        if product.transposeLHS, isPacked(m, n) { return 0 }
        let left = product.transposeLHS && isAligned(m) ? m.adding(saturating: gap) : 0
        let right = !product.transposeRHS && isAligned(n) ? panel + gap : 0
        return k.multiplied(saturating: left.adding(saturating: right))
    }

    /// Floats from row to row of the left matrix' copy.
    private var leftRow: Int { m + PaddedProduct.gap }
    private var rightRow: Int { PaddedProduct.panel + PaddedProduct.gap }

    /// Copies, and calls `body` for each part of the product: where the operands and the result are, the part's columns, and
    /// the floats from row to row of the operands.
    func forEachPart(
        _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, strides: (left: Int, right: Int),
        _ body: (
            UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, _ columns: Int, _ left: Int,
            _ right: Int
        ) throws(ExecutorError) -> Void
    ) throws(ExecutorError) {
        if copiesLHS { copy(a, m, columns: m, to: scratch, leftRow) }
        let (left, leftStride) = copiesLHS ? (UnsafePointer(scratch), leftRow) : (a, strides.left)
        guard copiesRHS else { return try body(left, b, c, n, leftStride, strides.right) }
        let part = scratch + (copiesLHS ? k * leftRow : 0)
        for first in stride(from: 0, to: n, by: PaddedProduct.panel) {
            copy(b + first, n, columns: PaddedProduct.panel, to: part, rightRow)
            try body(left, part, c + first, PaddedProduct.panel, leftStride, rightRow)
        }
    }

    private func copy(
        _ source: UnsafePointer<Float>, _ from: Int, columns: Int, to target: UnsafeMutablePointer<Float>, _ to: Int
    ) {
        for row in 0..<k { (target + row * to).update(from: source + row * from, count: columns) }
    }
}
