package import Graph

/// A value as the reference kernels see it: plain arrays, row-major. Whole numbers of every width, and bools, are kept
/// as 64-bit integers in the range of their type.
package struct ReferenceValue: Sendable, Equatable {
    /// The elements by family.
    package enum Storage: Sendable, Equatable {
        /// float32.
        case single([Float])
        /// float64.
        case double([Double])
        /// Everything else.
        case whole([Int64])
    }

    /// Element type and shape.
    package let type: TensorType
    /// `type.count` elements.
    package let storage: Storage

    /// A value of these elements; their number and family must fit the type.
    package init(_ type: TensorType, _ storage: Storage) {
        let count =
            switch storage {
            case .single(let elements): elements.count
            case .double(let elements): elements.count
            case .whole(let elements): elements.count
            }
        precondition(count == type.count, "a kernel makes as many elements as its type asks for")
        self.type = type
        self.storage = storage
    }

    /// A literal's value.
    package init(_ literal: Literal) {
        switch literal.type.dtype {
        case .float32: self.init(literal.type, .single(literal.floats))
        case .float64: self.init(literal.type, .double(literal.doubles))
        default: self.init(literal.type, .whole(literal.integers))
        }
    }

    /// The value as a literal: the same bits.
    package var literal: Literal {
        switch storage {
        case .single(let elements):
            Literal(type: type, bytes: elements.withUnsafeBytes { [UInt8]($0) })
        case .double(let elements):
            Literal(type: type, bytes: elements.withUnsafeBytes { [UInt8]($0) })
        case .whole(let elements): Literal(type: type, integers: elements)
        }
    }

    /// The elements as doubles.
    package var doubles: [Double] {
        switch storage {
        case .single(let elements): elements.map(Double.init)
        case .double(let elements): elements
        case .whole(let elements): elements.map(Double.init)
        }
    }

    /// The elements as whole numbers, floating ones cut toward zero (`DType.truncate`).
    package var wholes: [Int64] {
        switch storage {
        case .single(let elements): elements.map { DType.truncate(Double($0)) }
        case .double(let elements): elements.map(DType.truncate)
        case .whole(let elements): elements
        }
    }

    /// False when an element is infinite or NaN.
    package var isFinite: Bool {
        switch storage {
        case .single(let elements): elements.allSatisfy(\.isFinite)
        case .double(let elements): elements.allSatisfy(\.isFinite)
        case .whole: true
        }
    }

    /// The elements at these places, in this order, under another shape: what every op that only moves elements does.
    func picking(_ places: [Int], shape: Shape) -> ReferenceValue {
        let type = type.with(shape)
        switch storage {
        case .single(let elements): return ReferenceValue(type, .single(places.map { elements[$0] }))
        case .double(let elements): return ReferenceValue(type, .double(places.map { elements[$0] }))
        case .whole(let elements): return ReferenceValue(type, .whole(places.map { elements[$0] }))
        }
    }

    /// A value whose elements are doubles rounded to the type's floats; for floating types.
    static func rounding(_ type: TensorType, _ elements: [Double]) -> ReferenceValue {
        ReferenceValue(type, type.dtype == .float64 ? .double(elements) : .single(elements.map(Float.init)))
    }

    /// A value whose elements are the type's whole numbers nearest to these.
    static func clamping(_ type: TensorType, _ elements: [Int64]) -> ReferenceValue {
        ReferenceValue(type, .whole(elements.map(type.dtype.nearest)))
    }

    /// A value whose elements are whole numbers wrapped to the type's width.
    static func wrapping(_ type: TensorType, _ elements: [Int64]) -> ReferenceValue {
        ReferenceValue(type, .whole(elements.map(type.dtype.wrap)))
    }
}

extension DType {
    /// A whole number in this type's range by dropping upper bits; bool is `≠ 0`.
    func wrap(_ value: Int64) -> Int64 {
        switch self {
        case .bool: value == 0 ? 0 : 1
        case .uint8: Int64(UInt8(truncatingIfNeeded: value))
        case .int8: Int64(Int8(truncatingIfNeeded: value))
        case .uint16: Int64(UInt16(truncatingIfNeeded: value))
        case .int16: Int64(Int16(truncatingIfNeeded: value))
        case .int32: Int64(Int32(truncatingIfNeeded: value))
        case .int64, .float32, .float64, .bfloat16: value
        }
    }
}
