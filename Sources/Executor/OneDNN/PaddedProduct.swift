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
    /// Columns of the right matrix that are copied at a time, and floats of 1 KiB.
    private static let panel = 256
    /// What is summed over is copied so much at a time, so that both copies are in the second-level cache when they are read.
    private static let depth = 512
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
        return min(k, depth).multiplied(saturating: left.adding(saturating: right))
    }

    /// Floats from row to row of the left matrix' copy.
    private var leftRow: Int { m + PaddedProduct.gap }
    private var rightRow: Int { PaddedProduct.panel + PaddedProduct.gap }

    /// A part of a product that is computed by one call.
    struct Part {
        /// Where the operands are.
        let left, right: UnsafePointer<Float>
        /// Floats from row to row of the operands.
        let leftRow, rightRow: Int
        /// Where the result is.
        let result: UnsafeMutablePointer<Float>
        /// Columns of the right matrix and of the result.
        let columns: Int
        /// What is summed over.
        let depth: Int
        /// Whether it is added to what is in the result.
        let adds: Bool
    }

    /// Copies, and calls `body` for each part of the product, in order.
    ///
    /// - Parameter adds: whether the product is added to what is in `c`.
    func forEachPart(
        _ product: MatrixProduct, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, adds: Bool, scratch: UnsafeMutablePointer<Float>,
        _ body: (Part) throws(ExecutorError) -> Void
    ) throws(ExecutorError) {
        let strides = (left: product.transposeLHS ? m : k, right: product.transposeRHS ? k : n)
        let depth = copiesLHS || copiesRHS ? PaddedProduct.depth : k
        for first in stride(from: 0, to: k, by: depth) {
            let depth = min(depth, k - first)
            var (left, leftRow) = (a + first * (product.transposeLHS ? m : 1), strides.left)
            if copiesLHS {
                copy(left, rows: depth, m, columns: m, to: scratch, m + PaddedProduct.gap)
                (left, leftRow) = (UnsafePointer(scratch), m + PaddedProduct.gap)
            }
            let right = b + first * (product.transposeRHS ? 1 : n)
            guard copiesRHS else {
                try body(
                    Part(
                        left: left, right: right, leftRow: leftRow, rightRow: strides.right, result: c, columns: n,
                        depth: depth, adds: adds || first > 0))
                continue
            }
            let panel = scratch + (copiesLHS ? depth * leftRow : 0)
            let panelRow = PaddedProduct.panel + PaddedProduct.gap
            for column in stride(from: 0, to: n, by: PaddedProduct.panel) {
                copy(right + column, rows: depth, n, columns: PaddedProduct.panel, to: panel, panelRow)
                try body(
                    Part(
                        left: left, right: panel, leftRow: leftRow, rightRow: panelRow, result: c + column,
                        columns: PaddedProduct.panel, depth: depth, adds: adds || first > 0))
            }
        }
    }

    private func copy(
        _ source: UnsafePointer<Float>, rows: Int, _ from: Int, columns: Int, to target: UnsafeMutablePointer<Float>,
        _ to: Int
    ) {
        for row in 0..<rows { (target + row * to).update(from: source + row * from, count: columns) }
    }
}
