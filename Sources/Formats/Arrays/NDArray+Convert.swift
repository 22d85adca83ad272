extension NDArray {
    /// The same numbers as another type, by NumPy's `astype`: fractions are cut off towards zero, a number that does
    /// not fit wraps modulo the type's range (from a fraction that does not fit: the nearest limit, NaN is 0), bool is
    /// "not zero". Only bfloat16, which NumPy does not have, is rounded from float32, as TensorFlow does it.
    package func converted(to target: ElementType) -> NDArray {
        if target == type { return self }
        var result = NDArray(zeros: target, shape: shape)
        bytes.withUnsafeBytes { source in
            result.withUnsafeMutableBytes { destination in
                ElementConversion.convert(source, type, into: destination, target)
            }
        }
        return result
    }

    /// All elements as doubles; a whole number past 2^53 is rounded.
    package var doubles: [Double] {
        let converted = converted(to: .float64)
        return converted.bytes.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    }
}

/// Element-wise conversion between buffers.
package enum ElementConversion {
    /// Converts all elements; the buffers hold equally many and are aligned to their types. Rules: see
    /// `NDArray.converted(to:)`.
    package static func convert(
        _ source: UnsafeRawBufferPointer, _ sourceType: ElementType, into destination: UnsafeMutableRawBufferPointer,
        _ destinationType: ElementType
    ) {
        precondition(
            source.count / sourceType.size == destination.count / destinationType.size,
            "both buffers hold the same number of elements")
        if sourceType == destinationType {
            destination.copyMemory(from: source)
            return
        }
        switch sourceType {
        // A file may hold another byte than 1 for "true".
        case .bool: fromInteger(source.lazy.map { $0 == 0 ? 0 : 1 as UInt8 }, destination, destinationType)
        case .uint8: fromInteger(source.bindMemory(to: UInt8.self), destination, destinationType)
        case .int8: fromInteger(source.bindMemory(to: Int8.self), destination, destinationType)
        case .uint16: fromInteger(source.bindMemory(to: UInt16.self), destination, destinationType)
        case .int16: fromInteger(source.bindMemory(to: Int16.self), destination, destinationType)
        case .uint32: fromInteger(source.bindMemory(to: UInt32.self), destination, destinationType)
        case .int32: fromInteger(source.bindMemory(to: Int32.self), destination, destinationType)
        case .uint64: fromInteger(source.bindMemory(to: UInt64.self), destination, destinationType)
        case .int64: fromInteger(source.bindMemory(to: Int64.self), destination, destinationType)
        case .float32: fromFraction(source.bindMemory(to: Float.self), destination, destinationType)
        case .float64: fromFraction(source.bindMemory(to: Double.self), destination, destinationType)
        case .float16:
            fromFraction(source.bindMemory(to: UInt16.self).map(HalfFloat.float(half:)), destination, destinationType)
        case .bfloat16:
            fromFraction(source.bindMemory(to: UInt16.self).map(HalfFloat.float(brain:)), destination, destinationType)
        }
    }

    private static func fromInteger<Source: FixedWidthInteger>(
        _ source: some Collection<Source>, _ destination: UnsafeMutableRawBufferPointer, _ type: ElementType
    ) {
        switch type {
        case .bool: fill(destination, UInt8.self, source) { $0 == 0 ? 0 : 1 }
        case .uint8: fill(destination, UInt8.self, source) { UInt8(truncatingIfNeeded: $0) }
        case .int8: fill(destination, Int8.self, source) { Int8(truncatingIfNeeded: $0) }
        case .uint16: fill(destination, UInt16.self, source) { UInt16(truncatingIfNeeded: $0) }
        case .int16: fill(destination, Int16.self, source) { Int16(truncatingIfNeeded: $0) }
        case .uint32: fill(destination, UInt32.self, source) { UInt32(truncatingIfNeeded: $0) }
        case .int32: fill(destination, Int32.self, source) { Int32(truncatingIfNeeded: $0) }
        case .uint64: fill(destination, UInt64.self, source) { UInt64(truncatingIfNeeded: $0) }
        case .int64: fill(destination, Int64.self, source) { Int64(truncatingIfNeeded: $0) }
        case .float32: fill(destination, Float.self, source) { Float($0) }
        case .float64: fill(destination, Double.self, source) { Double($0) }
        case .float16: fill(destination, UInt16.self, source) { HalfFloat.half(Float($0)) }
        case .bfloat16: fill(destination, UInt16.self, source) { HalfFloat.brain(Float($0)) }
        }
    }

    private static func fromFraction<Source: BinaryFloatingPoint & SendableMetatype>(
        _ source: some Collection<Source>, _ destination: UnsafeMutableRawBufferPointer, _ type: ElementType
    ) {
        switch type {
        case .bool: fill(destination, UInt8.self, source) { $0 == 0 ? 0 : 1 }
        case .uint8: fill(destination, UInt8.self, source, whole)
        case .int8: fill(destination, Int8.self, source, whole)
        case .uint16: fill(destination, UInt16.self, source, whole)
        case .int16: fill(destination, Int16.self, source, whole)
        case .uint32: fill(destination, UInt32.self, source, whole)
        case .int32: fill(destination, Int32.self, source, whole)
        case .uint64: fill(destination, UInt64.self, source, whole)
        case .int64: fill(destination, Int64.self, source, whole)
        case .float32: fill(destination, Float.self, source) { Float($0) }
        case .float64: fill(destination, Double.self, source) { Double($0) }
        case .float16: fill(destination, UInt16.self, source) { HalfFloat.half(rounding: Double($0)) }
        case .bfloat16: fill(destination, UInt16.self, source) { HalfFloat.brain(Float($0)) }
        }
    }

    /// The whole part, held to the type's limits so that no input traps.
    private static func whole<
        Source: BinaryFloatingPoint & SendableMetatype, Target: FixedWidthInteger & SendableMetatype
    >(_ value: Source) -> Target {
        if value.isNaN { return 0 }
        return Target(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }

    private static func fill<Source, Target: BitwiseCopyable>(
        _ destination: UnsafeMutableRawBufferPointer, _ type: Target.Type, _ source: some Collection<Source>,
        _ convert: (Source) -> Target
    ) {
        let target = destination.bindMemory(to: type)
        for (index, element) in zip(target.indices, source) { target[index] = convert(element) }
    }
}

/// The two floating-point types of 16 bits, by their bits.
package enum HalfFloat {
    /// IEEE 754 binary16 to binary32; exact.
    package static func float(half bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10 & 0x1F)
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:
            let magnitude = Float(fraction) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 0x1F: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }

    /// The nearest binary16, ties to even; infinite past its range.
    package static func half(_ value: Float) -> UInt16 {
        let sign = UInt16(value.bitPattern >> 16) & 0x8000
        let magnitude = value.magnitude
        if value.isNaN { return sign | 0x7E00 }
        // 65520 is halfway between the largest binary16 and the next power of two: it rounds away.
        if magnitude >= 65520 { return sign | 0x7C00 }
        if magnitude < 0x1p-14 { return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven)) }
        let bits = magnitude.bitPattern
        let rounded = bits + 0xFFF + (bits >> 13 & 1)
        return sign | UInt16(truncatingIfNeeded: (rounded >> 13) - (112 << 10))
    }

    /// The nearest binary16 of a double, ties to even: rounded once, not to binary32 before.
    package static func half(rounding value: Double) -> UInt16 {
        let nearest = Float(value)
        guard value.isFinite, Double(nearest) != value else { return half(nearest) }
        // Rounding to odd keeps in the last bit that something was cut off (Boldo and Melquiond, "When double rounding
        // is odd", 2005).
        let cut = Double(nearest).magnitude > value.magnitude ? nearest.bitPattern - 1 : nearest.bitPattern
        return half(Float(bitPattern: cut | 1))
    }

    /// bfloat16 to binary32; exact.
    package static func float(brain bits: UInt16) -> Float {
        Float(bitPattern: UInt32(bits) << 16)
    }

    /// The nearest bfloat16, ties to even.
    package static func brain(_ value: Float) -> UInt16 {
        if value.isNaN { return UInt16(value.bitPattern >> 16) | 0x40 }
        let bits = value.bitPattern
        return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
    }
}
