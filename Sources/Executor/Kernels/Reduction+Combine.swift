import Graph

extension Reduction {
    /// How two floating numbers become one; NaN wins against any number.
    func floating<T: BinaryFloatingPoint>() -> (T, T) -> T {
        switch self {
        case .sum: { $0 + $1 }
        case .product: { $0 * $1 }
        case .max: { $0.isNaN ? $0 : ($1.isNaN ? $1 : ($0 > $1 ? $0 : $1)) }
        case .min: { $0.isNaN ? $0 : ($1.isNaN ? $1 : ($0 < $1 ? $0 : $1)) }
        }
    }

    /// How two whole numbers become one; they wrap.
    func integer<T: FixedWidthInteger>() -> (T, T) -> T {
        switch self {
        case .sum: { $0 &+ $1 }
        case .product: { $0 &* $1 }
        case .max: { Swift.max($0, $1) }
        case .min: { Swift.min($0, $1) }
        }
    }
}
