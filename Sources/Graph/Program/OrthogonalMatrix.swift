/// A matrix whose rows or columns, whichever are fewer, are perpendicular and of norm 1.
struct OrthogonalMatrix {
    /// In row-major order.
    let elements: [Double]

    /// Makes the shorter side of a matrix perpendicular by Gram and Schmidt, which of normally distributed numbers makes one
    /// drawn evenly among all such matrices (the Q of a QR decomposition whose R has a positive diagonal).
    ///
    /// - Parameters:
    ///   - shape: all axes but the last are the rows.
    ///   - number: the element of this place of the matrix with the longer side in front, in row-major order.
    init(_ shape: Shape, _ number: (Int) -> Double) {
        let columns = shape.dimensions.last ?? 1
        let rows = columns == 0 ? 0 : shape.count / columns
        let (long, short) = (max(rows, columns), min(rows, columns))
        // One vector behind the other, each filled up with zeros to whole blocks, so that sums run along memory.
        let blocks = (long + 7) / 8
        var vectors = [SIMD8<Double>](repeating: .zero, count: blocks * short)
        for vector in 0..<short {
            let start = vector * blocks
            for place in 0..<long { vectors[start + place / 8][place % 8] = number(place * short + vector) }
            for other in 0..<vector {
                let along = OrthogonalMatrix.product(vectors, start, other * blocks, blocks)
                for block in 0..<blocks { vectors[start + block] -= along * vectors[other * blocks + block] }
            }
            let norm = OrthogonalMatrix.product(vectors, start, start, blocks).squareRoot()
            if norm > 0 { for block in 0..<blocks { vectors[start + block] /= norm } }
        }
        elements = (0..<(long * short)).map { element in
            let (row, column) = (element / columns, element % columns)
            let (vector, place) = rows <= columns ? (row, column) : (column, row)
            return vectors[vector * blocks + place / 8][place % 8]
        }
    }

    /// The sum of products of two vectors, in eight parts that a processor adds side by side.
    private static func product(_ vectors: [SIMD8<Double>], _ a: Int, _ b: Int, _ blocks: Int) -> Double {
        var sums = SIMD8<Double>.zero
        for block in 0..<blocks { sums += vectors[a + block] * vectors[b + block] }
        return sums.sum()
    }
}
