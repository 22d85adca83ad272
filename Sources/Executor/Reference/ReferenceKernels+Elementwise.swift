import Graph

extension ReferenceKernels {
    static func unary(_ op: UnaryOp, _ x: ReferenceValue, _ type: TensorType) -> ReferenceValue {
        switch (x.storage, op) {
        case (.single(let elements), .isFinite): ReferenceValue(type, .whole(elements.map { $0.isFinite ? 1 : 0 }))
        case (.double(let elements), .isFinite): ReferenceValue(type, .whole(elements.map { $0.isFinite ? 1 : 0 }))
        case (.single(let elements), _): ReferenceValue(type, .single(elements.map { real(op, $0) }))
        case (.double(let elements), _): ReferenceValue(type, .double(elements.map { real(op, $0) }))
        case (.whole(let elements), _): .wrapping(type, elements.map { whole(op, $0) })
        }
    }

    private static func real<Real: ReferenceFloat>(_ op: UnaryOp, _ x: Real) -> Real {
        switch op {
        case .negate: -x
        case .abs: x.magnitude
        case .sign: x > 0 ? 1 : x < 0 ? -1 : x
        case .exp: Real.exponential(x)
        case .expm1: Real.exponentialMinusOne(x)
        case .log: Real.logarithm(x)
        case .log1p: Real.logarithmPlusOne(x)
        case .sqrt: x.squareRoot()
        case .rsqrt: 1 / x.squareRoot()
        case .tanh: Real.hyperbolicTangent(x)
        case .logistic: logistic(x)
        case .sin: Real.sine(x)
        case .cos: Real.cosine(x)
        case .erf: Real.errorFunction(x)
        case .floor: x.rounded(.down)
        case .ceil: x.rounded(.up)
        case .round: x.rounded(.toNearestOrEven)
        case .roundToBFloat16: Real(Float(x).roundedToBFloat16)
        case .relu: x > 0 || x.isNaN ? x : 0
        case .softplus: x.isNaN ? x : Swift.max(x, 0) + Real.logarithmPlusOne(Real.exponential(-x.magnitude))
        case .isFinite, .not: preconditionFailure("these ops don't have a floating result")
        }
    }

    private static func logistic<Real: ReferenceFloat>(_ x: Real) -> Real {
        if x >= 0 { return 1 / (1 + Real.exponential(-x)) }
        let small = Real.exponential(x)
        return small / (1 + small)
    }

    private static func whole(_ op: UnaryOp, _ x: Int64) -> Int64 {
        switch op {
        case .negate: 0 &- x
        case .abs: x < 0 ? 0 &- x : x
        case .sign: x.signum()
        case .relu: Swift.max(x, 0)
        case .not: 1 - x
        case .exp, .expm1, .log, .log1p, .sqrt, .rsqrt, .tanh, .logistic, .sin, .cos, .erf, .floor, .ceil, .round,
            .roundToBFloat16, .softplus, .isFinite:
            preconditionFailure("these ops take floating operands")
        }
    }

    static func binary(_ op: BinaryOp, _ x: ReferenceValue, _ y: ReferenceValue) -> ReferenceValue {
        switch (x.storage, y.storage) {
        case (.single(let a), .single(let b)): ReferenceValue(x.type, .single(zip(a, b).map { real(op, $0, $1) }))
        case (.double(let a), .double(let b)): ReferenceValue(x.type, .double(zip(a, b).map { real(op, $0, $1) }))
        case (.whole(let a), .whole(let b)): .wrapping(x.type, zip(a, b).map { whole(op, $0, $1) })
        default: preconditionFailure("the verifier saw operands of one type")
        }
    }

    private static func real<Real: ReferenceFloat>(_ op: BinaryOp, _ a: Real, _ b: Real) -> Real {
        switch op {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .remainder: b.isInfinite && a.isFinite ? a : a.truncatingRemainder(dividingBy: b)
        case .maximum: a.isNaN ? a : b.isNaN ? b : Swift.max(a, b)
        case .minimum: a.isNaN ? a : b.isNaN ? b : Swift.min(a, b)
        case .power: Real.power(a, b)
        case .squaredDifference: (a - b) * (a - b)
        }
    }

    private static func whole(_ op: BinaryOp, _ a: Int64, _ b: Int64) -> Int64 {
        switch op {
        case .add: a &+ b
        case .subtract: a &- b
        case .multiply: a &* b
        case .divide: b == 0 ? -1 : a.dividedReportingOverflow(by: b).partialValue
        case .remainder: b == 0 ? a : a.remainderReportingOverflow(dividingBy: b).partialValue
        case .maximum: Swift.max(a, b)
        case .minimum: Swift.min(a, b)
        case .power: power(a, b)
        case .squaredDifference: (a &- b) &* (a &- b)
        }
    }

    private static func power(_ base: Int64, _ exponent: Int64) -> Int64 {
        if exponent < 0 { return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
        var (result, square, rest) = (1 as Int64, base, exponent)
        while rest > 0 {
            if rest % 2 == 1 { result = result &* square }
            square = square &* square
            rest /= 2
        }
        return result
    }

    static func compare(
        _ op: Comparison, _ x: ReferenceValue, _ y: ReferenceValue, _ type: TensorType
    ) -> ReferenceValue {
        let results: [Bool] =
            switch (x.storage, y.storage) {
            case (.single(let a), .single(let b)): zip(a, b).map { holds(op, $0, $1) }
            case (.double(let a), .double(let b)): zip(a, b).map { holds(op, $0, $1) }
            case (.whole(let a), .whole(let b)): zip(a, b).map { holds(op, $0, $1) }
            default: preconditionFailure("the verifier saw operands of one type")
            }
        return ReferenceValue(type, .whole(results.map { $0 ? 1 : 0 }))
    }

    private static func holds<Number: Comparable>(_ op: Comparison, _ a: Number, _ b: Number) -> Bool {
        switch op {
        case .equal: a == b
        case .notEqual: a != b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        }
    }

    static func logical(_ op: LogicalOp, _ x: ReferenceValue, _ y: ReferenceValue) -> ReferenceValue {
        let results = zip(x.wholes, y.wholes).map { a, b in
            switch op {
            case .and: a & b
            case .or: a | b
            case .xor: a ^ b
            }
        }
        return ReferenceValue(x.type, .whole(results))
    }

    static func select(_ condition: ReferenceValue, _ a: ReferenceValue, _ b: ReferenceValue) -> ReferenceValue {
        let flags = condition.wholes.enumerated()
        switch (a.storage, b.storage) {
        case (.single(let a), .single(let b)):
            return ReferenceValue(condition.type.with(.float32), .single(flags.map { $1 != 0 ? a[$0] : b[$0] }))
        case (.double(let a), .double(let b)):
            return ReferenceValue(condition.type.with(.float64), .double(flags.map { $1 != 0 ? a[$0] : b[$0] }))
        case (.whole(let x), .whole(let y)):
            return ReferenceValue(a.type, .whole(flags.map { $1 != 0 ? x[$0] : y[$0] }))
        default: preconditionFailure("the verifier saw operands of one type")
        }
    }

    static func convert(_ x: ReferenceValue, _ dtype: DType) -> ReferenceValue {
        let type = x.type.with(dtype)
        switch (x.storage, dtype) {
        case (.whole(let elements), .float32): return ReferenceValue(type, .single(elements.map(Float.init)))
        case (.whole(let elements), .float64): return ReferenceValue(type, .double(elements.map(Double.init)))
        case (_, .float32), (_, .float64): return .rounding(type, x.doubles)
        case (.whole(let elements), _): return .clamping(type, elements)
        // A fraction below 1 is not zero.
        case (_, .bool): return ReferenceValue(type, .whole(x.doubles.map { $0 != 0 ? 1 : 0 }))
        default: return .clamping(type, x.wholes)
        }
    }
}
