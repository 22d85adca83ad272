import CKernels
import Graph

/// Single precision: which loop of CKernels computes an op.
enum FloatElements {
    static func unary(_ op: UnaryOp) -> tpud_unary? {
        switch op {
        case .negate: TPUD_UNARY_NEGATE
        case .abs: TPUD_UNARY_ABS
        case .sign: TPUD_UNARY_SIGN
        case .exp: TPUD_UNARY_EXP
        case .expm1: TPUD_UNARY_EXPM1
        case .log: TPUD_UNARY_LOG
        case .log1p: TPUD_UNARY_LOG1P
        case .sqrt: TPUD_UNARY_SQRT
        case .rsqrt: TPUD_UNARY_RSQRT
        case .tanh: TPUD_UNARY_TANH
        case .logistic: TPUD_UNARY_LOGISTIC
        case .sin: TPUD_UNARY_SIN
        case .cos: TPUD_UNARY_COS
        case .erf: TPUD_UNARY_ERF
        case .floor: TPUD_UNARY_FLOOR
        case .ceil: TPUD_UNARY_CEIL
        case .round: TPUD_UNARY_ROUND
        case .roundToBFloat16: TPUD_UNARY_ROUND_TO_BFLOAT16
        case .relu: TPUD_UNARY_RELU
        case .softplus: TPUD_UNARY_SOFTPLUS
        case .isFinite, .not: nil
        }
    }

    static func binary(_ op: BinaryOp) -> tpud_binary {
        switch op {
        case .add: TPUD_BINARY_ADD
        case .subtract: TPUD_BINARY_SUBTRACT
        case .multiply: TPUD_BINARY_MULTIPLY
        case .divide: TPUD_BINARY_DIVIDE
        case .remainder: TPUD_BINARY_REMAINDER
        case .maximum: TPUD_BINARY_MAXIMUM
        case .minimum: TPUD_BINARY_MINIMUM
        case .power: TPUD_BINARY_POWER
        case .squaredDifference: TPUD_BINARY_SQUARED_DIFFERENCE
        }
    }

    static func compare(_ op: Comparison) -> tpud_compare {
        switch op {
        case .equal: TPUD_COMPARE_EQ
        case .notEqual: TPUD_COMPARE_NE
        case .less: TPUD_COMPARE_LT
        case .lessOrEqual: TPUD_COMPARE_LE
        case .greater: TPUD_COMPARE_GT
        case .greaterOrEqual: TPUD_COMPARE_GE
        }
    }
}
