/// Ops of one operand, element by element; the result has the operand's type but for `isFinite` (bool).
/// Names are StableHLO's where it has the op.
package enum UnaryOp: String, Sendable, Hashable, CaseIterable {
    /// −x; integers wrap.
    case negate
    /// |x|.
    case abs
    /// −1, 0 or 1; NaN stays.
    case sign
    /// e^x.
    case exp
    /// e^x − 1, exact near 0 (`exponential_minus_one`).
    case expm1
    /// ln x.
    case log
    /// ln(1 + x), exact near 0 (`log_plus_one`).
    case log1p
    /// √x.
    case sqrt
    /// 1 / √x.
    case rsqrt
    /// tanh x.
    case tanh
    /// 1 / (1 + e^−x), in the form that does not overflow (`logistic`).
    case logistic
    /// sin x (`sine`).
    case sin
    /// cos x (`cosine`).
    case cos
    /// The error function (CHLO `erf`).
    case erf
    /// The largest whole number that is not above x.
    case floor
    /// The smallest whole number that is not below x (`ceil`).
    case ceil
    /// Nearest whole number, halves to even (`round_nearest_even`).
    case round
    /// The nearest bfloat16, halves to even, in the operand's own type; float64 by way of float32. Its gradient is rounded
    /// in the same way, as that of a conversion there and back (StableHLO: `reduce_precision` to 8 and 7 bits).
    case roundToBFloat16
    /// x where x > 0, else 0; NaN stays; its gradient is 0 at 0, as TensorFlow's (StableHLO: maximum with 0).
    case relu
    /// ln(1 + e^x), as max(x, 0) + log1p(e^−|x|) (StableHLO: composed).
    case softplus
    /// True where x is neither infinite nor NaN (`is_finite`).
    case isFinite
    /// Logical not of bools (`not`).
    case not
}

/// Ops of two operands of one type, element by element; the result has that type.
package enum BinaryOp: String, Sendable, Hashable, CaseIterable {
    /// a + b; integers wrap.
    case add
    /// a − b; integers wrap.
    case subtract
    /// a · b; integers wrap.
    case multiply
    /// a / b; integers cut toward zero, x / 0 is −1 and min / −1 is min for them, as XLA has it.
    case divide
    /// The remainder with the sign of a; for integers x % 0 is x.
    case remainder
    /// The larger; NaN if one of them is.
    case maximum
    /// The smaller; NaN if one of them is.
    case minimum
    /// a to the b-th; integers by repeated multiplication, a negative exponent gives 0 (±1 for a base of ±1).
    case power
    /// (a − b)², floating; one op as TensorFlow has it (StableHLO: subtract, multiply).
    case squaredDifference
}

/// Comparisons of two operands of one type; the result is bool. Anything but `notEqual` is false for NaN.
package enum Comparison: String, Sendable, Hashable, CaseIterable {
    /// a = b.
    case equal
    /// a ≠ b.
    case notEqual
    /// a < b.
    case less
    /// a ≤ b.
    case lessOrEqual
    /// a > b.
    case greater
    /// a ≥ b.
    case greaterOrEqual
}

/// Ops of two bools.
package enum LogicalOp: String, Sendable, Hashable, CaseIterable {
    /// Whether both are true.
    case and
    /// At least one.
    case or
    /// Exactly one.
    case xor
}

/// What a reduction computes; over no elements it gives the identity named here.
package enum Reduction: String, Sendable, Hashable, CaseIterable {
    /// Sum; identity 0.
    case sum
    /// Product; identity 1.
    case product
    /// Maximum; identity −∞ or the type's smallest; NaN if any is.
    case max
    /// Minimum; identity +∞ or the type's largest; NaN if any is.
    case min
}
