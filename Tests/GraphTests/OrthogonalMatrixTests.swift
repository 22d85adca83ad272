import Graph
import Testing

/// What `Initializer.orthogonal` starts with.
struct OrthogonalMatrixTests {
    /// Products of all rows, or columns, of a matrix with each other.
    private static func products(_ values: [Double], rows: Int, columns: Int) -> [[Double]] {
        let vectors =
            rows <= columns
            ? (0..<rows).map { row in (0..<columns).map { values[row * columns + $0] } }
            : (0..<columns).map { column in (0..<rows).map { values[$0 * columns + column] } }
        return vectors.map { a in vectors.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
    }

    @Test(arguments: [[6, 6], [3, 20], [20, 3], [2, 3, 4, 5], [1, 1], [17, 9]])
    func theShorterSideIsPerpendicular(_ shape: [Int]) {
        let values = Initializer.orthogonal(gain: 2)
            .value(type: TensorType(.float64, Shape(shape)), seed: 3, name: "kernel").doubles
        let columns = shape[shape.count - 1]
        let products = Self.products(values, rows: values.count / columns, columns: columns)
        for (i, row) in products.enumerated() {
            for (j, product) in row.enumerated() { #expect(abs(product - (i == j ? 4 : 0)) < 1e-12) }
        }
    }

    /// Neither sign nor place is preferred: the mean of an element over many matrices is 0, of its square 1 / extent.
    @Test func allAreAsLikely() {
        var (sum, squares) = (0.0, 0.0)
        for seed in 0..<2000 as Range<UInt64> {
            let corner = Initializer.orthogonal(gain: 1)
                .value(type: TensorType(.float64, [4, 4]), seed: seed, name: "kernel").doubles[0]
            sum += corner
            squares += corner * corner
        }
        #expect(abs(sum / 2000) < 0.05)
        #expect(abs(squares / 2000 - 0.25) < 0.03)
    }

    @Test func edges() {
        let none = Initializer.orthogonal(gain: 1).value(type: TensorType(.float32, [0, 3]), seed: 1, name: "x")
        #expect(none.bytes.isEmpty)
        #expect(
            Initializer.identity(gain: 3).value(type: TensorType(.float32, [2, 3]), seed: 1, name: "x").doubles
                == [3, 0, 0, 0, 3, 0])
    }
}
