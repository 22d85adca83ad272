/// The extents of a tensor's axes, outermost first; row-major. Always fully known, as XLA asks.
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
    /// Extent of each axis; none for a scalar.
    public let dimensions: [Int]

    /// A shape of these extents. Negative extents are found by `isValid` and refused by the builder.
    public init(_ dimensions: [Int]) { self.dimensions = dimensions }

    /// `[2, 3]` is a shape of two axes.
    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// The shape of a scalar.
    public static let scalar = Shape([])

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The product of the extents; 1 for a scalar. Beyond 64 bits it is the bound, which no valid shape reaches.
    public var count: Int {
        dimensions.contains(0) ? 0 : dimensions.reduce(1) { $0.multiplied(saturating: $1) }
    }

    /// The extent of one axis; 0 where there is no such axis, as a tensor that a fault made stand for nothing may have
    /// another rank than the model expects.
    public subscript(axis: Int) -> Int { dimensions.indices.contains(axis) ? dimensions[axis] : 0 }

    /// False when an extent is negative or beyond 2³¹, or the number of elements is beyond 2⁴⁸.
    package var isValid: Bool {
        var product = 1
        for extent in dimensions {
            guard extent >= 0, extent <= 1 << 31 else { return false }
            // An empty axis counts as 1, so that strides fit, too.
            let (value, overflow) = product.multipliedReportingOverflow(by: max(extent, 1))
            guard !overflow, value <= 1 << 48 else { return false }
            product = value
        }
        return true
    }

    /// Elements between neighbours along each axis, row-major.
    package var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1].multiplied(saturating: dimensions[axis + 1])
        }
        return strides
    }

    /// The shape without these axes.
    package func removing(axes: [Int]) -> Shape {
        Shape(dimensions.indices.filter { !axes.contains($0) }.map { dimensions[$0] })
    }

    /// The shape with these axes' extents set to 1 (NumPy's `keepdims`).
    package func keeping(axes: [Int]) -> Shape {
        Shape(dimensions.indices.map { axes.contains($0) ? 1 : dimensions[$0] })
    }

    /// NumPy's broadcasting rule: axes aligned at the right, an extent of 1 stretches; nil when the shapes disagree.
    package func broadcast(with other: Shape) -> Shape? {
        let rank = max(self.rank, other.rank)
        var result = [Int](repeating: 1, count: rank)
        for place in 0..<rank {
            let a = place < rank - self.rank ? 1 : dimensions[place - (rank - self.rank)]
            let b = place < rank - other.rank ? 1 : other.dimensions[place - (rank - other.rank)]
            guard a == b || a == 1 || b == 1 else { return nil }
            result[place] = a == 1 ? b : a
        }
        return Shape(result)
    }

    /// As `[2,3]`; `[]` for a scalar.
    public var description: String { "[" + dimensions.map(String.init).joined(separator: ",") + "]" }
}
