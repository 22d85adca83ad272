extension Tensor {
    /// Sum, broadcasting.
    public static func + (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.binary(.add), b) }
    /// Difference, broadcasting.
    public static func - (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.binary(.subtract), b) }
    /// Product element by element, broadcasting.
    public static func * (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.binary(.multiply), b) }
    /// Quotient, broadcasting; integers cut toward zero.
    public static func / (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.binary(.divide), b) }
    /// Remainder with the sign of `a`, broadcasting.
    public static func % (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.binary(.remainder), b) }
    /// Sum with a number of the tensor's element type.
    public static func + (a: Tensor, b: Double) -> Tensor { a + a.like(b) }
    /// Sum with a number of the tensor's element type.
    public static func + (a: Double, b: Tensor) -> Tensor { b.like(a) + b }
    /// Difference with a number of the tensor's element type.
    public static func - (a: Tensor, b: Double) -> Tensor { a - a.like(b) }
    /// Difference with a number of the tensor's element type.
    public static func - (a: Double, b: Tensor) -> Tensor { b.like(a) - b }
    /// Product with a number of the tensor's element type.
    public static func * (a: Tensor, b: Double) -> Tensor { a * a.like(b) }
    /// Product with a number of the tensor's element type.
    public static func * (a: Double, b: Tensor) -> Tensor { b.like(a) * b }
    /// Quotient with a number of the tensor's element type.
    public static func / (a: Tensor, b: Double) -> Tensor { a / a.like(b) }
    /// Quotient with a number of the tensor's element type.
    public static func / (a: Double, b: Tensor) -> Tensor { b.like(a) / b }
    /// Minus `a`, element by element.
    public static prefix func - (a: Tensor) -> Tensor { a.apply(.unary(.negate)) }

    /// The larger of both, broadcasting; NaN if one is.
    public func maximum(_ other: Tensor) -> Tensor { elementwise(.binary(.maximum), other) }
    /// The larger of element and number.
    public func maximum(_ other: Double) -> Tensor { maximum(like(other)) }
    /// The smaller of both, broadcasting; NaN if one is.
    public func minimum(_ other: Tensor) -> Tensor { elementwise(.binary(.minimum), other) }
    /// The smaller of element and number.
    public func minimum(_ other: Double) -> Tensor { minimum(like(other)) }
    /// To the power of `exponent`, broadcasting.
    public func pow(_ exponent: Tensor) -> Tensor { elementwise(.binary(.power), exponent) }
    /// To the power of a number.
    public func pow(_ exponent: Double) -> Tensor { pow(like(exponent)) }
    /// (self − other)², broadcasting (`tf.math.squared_difference`).
    public func squaredDifference(_ other: Tensor) -> Tensor { elementwise(.binary(.squaredDifference), other) }
    /// The quotient, broadcasting, and 0 where the divisor is 0 (`tf.math.divide_no_nan`); so is the gradient there.
    package func divideNoNaN(_ divisor: Tensor) -> Tensor {
        let isZero = divisor .== 0
        return isZero.select(like(0), self / isZero.select(like(1), divisor))
    }
    /// Element times itself.
    public func square() -> Tensor { self * self }
    /// Cut to `low ... high` (`tf.clip_by_value`).
    public func clipped(from low: Double, to high: Double) -> Tensor { minimum(high).maximum(low) }

    /// |x|.
    public func abs() -> Tensor { apply(.unary(.abs)) }
    /// −1, 0 or 1.
    public func sign() -> Tensor { apply(.unary(.sign)) }
    /// e^x.
    public func exp() -> Tensor { apply(.unary(.exp)) }
    /// e^x − 1, exact near 0.
    public func expm1() -> Tensor { apply(.unary(.expm1)) }
    /// Natural logarithm.
    public func log() -> Tensor { apply(.unary(.log)) }
    /// ln(1 + x), exact near 0.
    public func log1p() -> Tensor { apply(.unary(.log1p)) }
    /// √x.
    public func sqrt() -> Tensor { apply(.unary(.sqrt)) }
    /// 1 / √x.
    public func rsqrt() -> Tensor { apply(.unary(.rsqrt)) }

    /// The nearest bfloat16 of each element, halves to even, in the same type; gradients are rounded on their way back.
    package func roundedToBFloat16() -> Tensor { apply(.unary(.roundToBFloat16)) }
    /// 1 / x.
    public func reciprocal() -> Tensor { 1 / self }
    /// sin x.
    public func sin() -> Tensor { apply(.unary(.sin)) }
    /// cos x.
    public func cos() -> Tensor { apply(.unary(.cos)) }
    /// The error function.
    public func erf() -> Tensor { apply(.unary(.erf)) }
    /// Down to a whole number.
    public func floor() -> Tensor { apply(.unary(.floor)) }
    /// Up to a whole number.
    public func ceil() -> Tensor { apply(.unary(.ceil)) }
    /// To the nearest whole number, halves to even.
    public func round() -> Tensor { apply(.unary(.round)) }
}

extension Tensor {
    /// True where equal, broadcasting; false for NaN.
    public static func .== (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.compare(.equal), b) }
    /// True where different, broadcasting; true for NaN.
    public static func .!= (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.compare(.notEqual), b) }
    /// True where `a` is smaller, broadcasting.
    public static func .< (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.compare(.less), b) }
    /// True where `a` is not larger, broadcasting.
    public static func .<= (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.compare(.lessOrEqual), b) }
    /// True where `a` is larger, broadcasting.
    public static func .> (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.compare(.greater), b) }
    /// True where `a` is not smaller, broadcasting.
    public static func .>= (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.compare(.greaterOrEqual), b) }
    /// True where smaller than the number.
    public static func .< (a: Tensor, b: Double) -> Tensor { a .< a.like(b) }
    /// True where not larger than the number.
    public static func .<= (a: Tensor, b: Double) -> Tensor { a .<= a.like(b) }
    /// True where larger than the number.
    public static func .> (a: Tensor, b: Double) -> Tensor { a .> a.like(b) }
    /// True where not smaller than the number.
    public static func .>= (a: Tensor, b: Double) -> Tensor { a .>= a.like(b) }
    /// True where equal to the number.
    public static func .== (a: Tensor, b: Double) -> Tensor { a .== a.like(b) }
    /// True where different from the number.
    public static func .!= (a: Tensor, b: Double) -> Tensor { a .!= a.like(b) }
    /// True where both are, broadcasting.
    public static func .& (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.logical(.and), b) }
    /// True where at least one is, broadcasting.
    public static func .| (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.logical(.or), b) }
    /// True where exactly one is, broadcasting.
    public static func .^ (a: Tensor, b: Tensor) -> Tensor { a.elementwise(.logical(.xor), b) }
    /// Logical not.
    public static prefix func .! (a: Tensor) -> Tensor { a.apply(.unary(.not)) }

    /// True where neither infinite nor NaN.
    public func isFinite() -> Tensor { apply(.unary(.isFinite)) }

    /// `a` where this is true, else `b`; all three broadcast (`tf.where`).
    public func select(_ a: Tensor, _ b: Tensor) -> Tensor {
        guard let values = a.shape.broadcast(with: b.shape), let shape = values.broadcast(with: shape) else {
            return builder.fail(
                GraphError(.shapeMismatch, "\(type), \(a.type) and \(b.type) don't broadcast", op: "select"), a.type)
        }
        return broadcast(to: shape).apply(.select, [a.broadcast(to: shape), b.broadcast(to: shape)])
    }
}
