package import Formats

/// A label that is not the number of a class.
package struct WrongLabel: Sendable, Hashable, CustomStringConvertible {
    /// Where it is: "row 3 (line 4) of iris.csv".
    package let place: String
    /// The label in words: `3`, `2.9`, `NaN`.
    package let value: String
    /// The number of classes.
    package let classes: Int
    /// Whether it is a whole number.
    package let isWhole: Bool

    /// "the label of row 3 (line 4) of iris.csv is 3, but there are 3 classes (0 to 2)".
    package var description: String {
        let range = classes == 1 ? "there is 1 class (0)" : "there are \(classes) classes (0 to \(classes - 1))"
        return "the label of \(place) is \(value), "
            + (isWhole ? "but \(range)" : "which is not the number of a class: \(range)")
    }
}

/// The labels that a look at a source has seen: those of its first records.
package struct LabelSample: Sendable, Hashable {
    /// The labels, records in front.
    package let values: NDArray
    /// Where they come from.
    package let places: RecordLocations

    /// The first label that is not the number of one of so many classes; nil when all are.
    package func firstWrong(classes: Int) -> WrongLabel? {
        values.withUnsafeBytes { bytes in
            ClassLabels.firstWrong(
                bytes, values.type, perRecord: max(1, values.count / max(1, values.shape.first ?? 1)), classes: classes,
                first: 0, places)
        }
    }
}

/// Whether labels are the numbers of classes, however they are written.
enum ClassLabels {
    /// The first label in the buffer that is not a whole number from 0 to below `classes`.
    ///
    /// - Parameters:
    ///   - perRecord: labels of one record.
    ///   - first: the number of the buffer's first record, from 0.
    static func firstWrong(
        _ buffer: UnsafeRawBufferPointer, _ type: ElementType, perRecord: Int, classes: Int, first: Int,
        _ places: RecordLocations
    ) -> WrongLabel? {
        guard let base = buffer.baseAddress else { return nil }
        for index in 0..<(buffer.count / type.size) {
            let address = base + index * type.size
            let whole = type.classNumber(at: address)
            if let whole, 0..<classes ~= whole { continue }
            return WrongLabel(
                place: places.words(first + index / perRecord), value: type.words(at: address), classes: classes,
                isWhole: whole != nil)
        }
        return nil
    }
}

extension ElementType {
    /// The number of a class at an address: whole, of any type; nil for a fraction, NaN or infinity. A number past the
    /// range of Int is its limit.
    func classNumber(at address: UnsafeRawPointer) -> Int? {
        switch self {
        case .bool: return address.load(as: UInt8.self) == 0 ? 0 : 1
        case .uint8: return Int(address.load(as: UInt8.self))
        case .int8: return Int(address.load(as: Int8.self))
        case .uint16: return Int(address.load(as: UInt16.self))
        case .int16: return Int(address.load(as: Int16.self))
        case .uint32: return Int(address.load(as: UInt32.self))
        case .int32: return Int(address.load(as: Int32.self))
        case .uint64: return Int(clamping: address.load(as: UInt64.self))
        case .int64: return Int(address.load(as: Int64.self))
        case .float16, .bfloat16, .float32, .float64:
            let value = fraction(at: address)
            guard value.isFinite, value == value.rounded(.towardZero) else { return nil }
            return Int(exactly: value) ?? (value < 0 ? .min : .max)
        }
    }

    /// The number of a floating-point type at an address; 0 for other types.
    func fraction(at address: UnsafeRawPointer) -> Double {
        switch self {
        case .float32: Double(address.load(as: Float.self))
        case .float64: address.load(as: Double.self)
        case .float16: Double(HalfFloat.float(half: address.load(as: UInt16.self)))
        case .bfloat16: Double(HalfFloat.float(brain: address.load(as: UInt16.self)))
        default: 0
        }
    }

    /// The number at an address, in words: `3`, `2.9`, `NaN`, `infinity`.
    func words(at address: UnsafeRawPointer) -> String {
        guard isFloatingPoint else { return "\(classNumber(at: address) ?? 0)" }
        let value = fraction(at: address)
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-infinity" : "infinity" }
        // The shortest digits of the type itself: 2.9 and not 2.9000000953674316.
        return self == .float64 ? "\(value)" : "\(Float(value))"
    }
}
