/// A value known when the graph is built: row-major elements in the machine's byte order (little-endian).
///
/// Equality and hash go by bytes, so `-0.0` and `0.0` differ and a NaN equals itself: what common subexpressions need.
public struct Literal: Sendable, Hashable {
    /// Element type and shape.
    package let type: TensorType
    /// `type.byteCount` bytes.
    package let bytes: [UInt8]

    /// A literal of these bytes; their number must fit the type.
    package init(type: TensorType, bytes: [UInt8]) {
        precondition(bytes.count == type.byteCount, "a literal has as many bytes as its type asks for")
        self.type = type
        self.bytes = bytes
    }

    /// A literal whose elements are these doubles, each converted to `type.dtype` (see `Element.init(converting:)`).
    package init(type: TensorType, doubles: [Double]) {
        precondition(doubles.count == type.count, "a literal has as many elements as its type asks for")
        let bytes =
            type.dtype == .float32
            ? Literal.singles(doubles)
            : Literal.encode(type.dtype) { append in for value in doubles { append(.real(value)) } }
        self.init(type: type, bytes: bytes)
    }

    /// A literal whose elements are these whole numbers, each converted to `type.dtype`.
    package init(type: TensorType, integers: [Int64]) {
        precondition(integers.count == type.count, "a literal has as many elements as its type asks for")
        self.init(
            type: type, bytes: Literal.encode(type.dtype) { append in for value in integers { append(.whole(value)) } })
    }

    /// Every element of the type equal to one double.
    package static func splat(_ value: Double, _ type: TensorType) -> Literal {
        let element = Literal(type: .scalar(type.dtype), doubles: [value]).bytes
        let count = type.byteCount
        guard element.contains(where: { $0 != element[0] }) else {
            return Literal(type: type, bytes: [UInt8](repeating: element[0], count: count))
        }
        var bytes = count > 0 ? element : []
        bytes.reserveCapacity(count)
        while bytes.count < count { bytes.append(contentsOf: bytes.prefix(count - bytes.count)) }
        return Literal(type: type, bytes: bytes)
    }

    /// The elements as doubles (64-bit integers beyond 2^53 are rounded; `true` is 1).
    package var doubles: [Double] {
        switch type.dtype {
        case .float32: elements(UInt32.self).map { Double(Float(bitPattern: $0)) }
        case .float64: elements(UInt64.self).map { Double(bitPattern: $0) }
        case .bfloat16: elements(UInt16.self).map { Double(Float(brainBits: $0)) }
        default: integers.map(Double.init)
        }
    }

    /// The elements as floats; rounded to nearest where the element type is wider.
    package var floats: [Float] {
        switch type.dtype {
        case .float32: elements(UInt32.self).map { Float(bitPattern: $0) }
        case .float64: elements(UInt64.self).map { Float(Double(bitPattern: $0)) }
        case .bfloat16: elements(UInt16.self).map { Float(brainBits: $0) }
        default: integers.map(Float.init)
        }
    }

    /// The elements as whole numbers; floating ones are cut toward zero, NaN gives 0, beyond the range the bound.
    package var integers: [Int64] {
        switch type.dtype {
        case .bool, .uint8: bytes.map(Int64.init)
        case .int8: bytes.map { Int64(Int8(bitPattern: $0)) }
        case .uint16: elements(UInt16.self).map(Int64.init)
        case .int16: elements(UInt16.self).map { Int64(Int16(bitPattern: $0)) }
        case .int32: elements(UInt32.self).map { Int64(Int32(bitPattern: $0)) }
        case .int64: elements(UInt64.self).map { Int64(bitPattern: $0) }
        case .float32, .float64, .bfloat16: doubles.map(DType.truncate)
        }
    }

    /// The one element of a literal whose elements are all the same bytes; nil when they differ or there is none.
    package var splat: Double? {
        let size = type.dtype.size
        guard bytes.count >= size else { return nil }
        for place in stride(from: size, to: bytes.count, by: 1) where bytes[place] != bytes[place - size] { return nil }
        return Literal(type: .scalar(type.dtype), bytes: Array(bytes[0..<size])).doubles[0]
    }

    private func elements<Bits: FixedWidthInteger>(_: Bits.Type) -> [Bits] {
        let size = Bits.bitWidth / 8
        return stride(from: 0, to: bytes.count, by: size).map { start in
            var bits: Bits = 0
            for place in 0..<size { bits |= Bits(truncatingIfNeeded: bytes[start + place]) << Bits(8 * place) }
            return bits
        }
    }

    /// A number on its way into an element.
    private enum Number {
        case real(Double)
        case whole(Int64)
    }

    /// What `encode` makes of doubles as floats, of which a model has millions at its start, without a call for each.
    private static func singles(_ values: [Double]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 * values.count)
        for value in values {
            let bits = Float(value).bitPattern
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
        }
        return bytes
    }

    private static func encode(_ dtype: DType, _ produce: ((Number) -> Void) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        func put<Bits: FixedWidthInteger>(_ bits: Bits) {
            for place in 0..<(Bits.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: bits >> Bits(8 * place))) }
        }
        produce { number in
            let whole: Int64
            switch (dtype, number) {
            case (.float32, .real(let value)): return put(Float(value).bitPattern)
            case (.float32, .whole(let value)): return put(Float(value).bitPattern)
            case (.float64, .real(let value)): return put(value.bitPattern)
            case (.float64, .whole(let value)): return put(Double(value).bitPattern)
            case (.bfloat16, .real(let value)): return put(Float(value).brainBits)
            case (.bfloat16, .whole(let value)): return put(Float(value).brainBits)
            // A fraction below 1 is not zero.
            case (.bool, .real(let value)): whole = value != 0 ? 1 : 0
            case (_, .real(let value)): whole = dtype.nearest(DType.truncate(value))
            case (_, .whole(let value)): whole = dtype.nearest(value)
            }
            switch dtype.size {
            case 1: put(UInt8(truncatingIfNeeded: whole))
            case 2: put(UInt16(truncatingIfNeeded: whole))
            case 4: put(UInt32(truncatingIfNeeded: whole))
            default: put(whole)
            }
        }
        return bytes
    }
}

extension DType {
    /// Cut toward zero; NaN gives 0, values beyond the range of 64 bits the nearest bound.
    package static func truncate(_ value: Double) -> Int64 {
        if value.isNaN { return 0 }
        return Int64(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }
}
