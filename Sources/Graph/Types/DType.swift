/// The type of one element of a tensor, as TensorFlow's `tf.DType` and StableHLO's element types.
public enum DType: String, Sendable, Hashable {
    /// True or false, one byte: 0 or 1 (StableHLO `i1`).
    case bool
    /// Unsigned, 8 bits (`ui8`).
    case uint8
    /// Signed, 8 bits (`i8`).
    case int8
    /// Unsigned, 16 bits (`ui16`).
    case uint16
    /// Signed, 16 bits (`i16`).
    case int16
    /// Signed, 32 bits (`i32`).
    case int32
    /// Signed, 64 bits (`i64`).
    case int64
    /// IEEE 754 binary32 (`f32`).
    case float32
    /// IEEE 754 binary64 (`f64`).
    case float64
    /// The upper half of a binary32 (`bf16`): how an executor may keep float32 values that were rounded to it. No program has
    /// values of this type; it rounds with `Tensor.roundedToBFloat16`, which keeps float32.
    case bfloat16

    /// Bytes that one element takes.
    package var size: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .uint16, .int16, .bfloat16: 2
        case .int32, .float32: 4
        case .int64, .float64: 8
        }
    }

    /// True for the types that gradients flow through.
    package var isFloating: Bool { self == .float32 || self == .float64 }

    /// The smallest and the largest whole number of this type; those of 64 bits for floats.
    package var bounds: (least: Int64, most: Int64) {
        switch self {
        case .bool: (0, 1)
        case .uint8: (0, 255)
        case .int8: (-128, 127)
        case .uint16: (0, 65535)
        case .int16: (-32768, 32767)
        case .int32: (Int64(Int32.min), Int64(Int32.max))
        case .int64, .float32, .float64, .bfloat16: (.min, .max)
        }
    }

    /// The whole number of this type that is nearest to a value; bool is `≠ 0`.
    package func nearest(_ value: Int64) -> Int64 {
        self == .bool ? (value == 0 ? 0 : 1) : min(max(value, bounds.least), bounds.most)
    }

    /// True for whole numbers; `bool` is none.
    package var isInteger: Bool { !isFloating && self != .bool && self != .bfloat16 }
}

extension DType: CaseIterable {
    /// The types that a program's values have.
    public static let allCases: [DType] = [.bool, .uint8, .int8, .uint16, .int16, .int32, .int64, .float32, .float64]
}
