import Graph

/// Whole numbers as `BinaryOp` and `UnaryOp` define them: they wrap, and nothing traps.
enum IntegerElements {
    @inline(__always)
    static func unary<T: FixedWidthInteger>(_ op: UnaryOp) -> ((T) -> T)? {
        switch op {
        case .negate: { 0 &- $0 }
        case .abs: { $0 < 0 ? 0 &- $0 : $0 }
        case .sign: { $0.signum() }
        case .relu: { $0 > 0 ? $0 : 0 }
        case .floor, .ceil, .round: { $0 }
        case .exp, .expm1, .log, .log1p, .sqrt, .rsqrt, .tanh, .logistic, .sin, .cos, .erf, .roundToBFloat16, .softplus,
            .isFinite, .not:
            nil
        }
    }

    @inline(__always)
    static func binary<T: FixedWidthInteger>(_ op: BinaryOp) -> (T, T) -> T {
        switch op {
        case .add: { $0 &+ $1 }
        case .subtract: { $0 &- $1 }
        case .multiply: { $0 &* $1 }
        case .divide:
            { a, b in
                if b == 0 { return T(truncatingIfNeeded: -1) }
                return a.dividedReportingOverflow(by: b).partialValue
            }
        case .remainder: { a, b in b == 0 ? a : a.remainderReportingOverflow(dividingBy: b).partialValue }
        case .maximum: { max($0, $1) }
        case .minimum: { min($0, $1) }
        case .power: { power($0, $1) }
        case .squaredDifference: { ($0 &- $1) &* ($0 &- $1) }
        }
    }

    static func power<T: FixedWidthInteger>(_ base: T, _ exponent: T) -> T {
        if exponent < 0 {
            if base == 1 { return 1 }
            return base == T(truncatingIfNeeded: -1) ? (exponent & 1 == 0 ? 1 : base) : 0
        }
        var result: T = 1
        var square = base
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = result &* square }
            square = square &* square
            rest >>= 1
        }
        return result
    }
}
