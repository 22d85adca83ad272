/// The type of an array's elements, by the name NumPy and TensorFlow give it.
package enum ElementType: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case bool, uint8, int8, uint16, int16, uint32, int32, uint64, int64, float16, bfloat16, float32, float64

    /// Bytes of one element.
    package var size: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .uint16, .int16, .float16, .bfloat16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }

    /// Whether the elements have fractions.
    package var isFloatingPoint: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        default: false
        }
    }

    /// Whether the elements are whole numbers; false for bool.
    package var isInteger: Bool { !isFloatingPoint && self != .bool }

    /// The name, as `float32`.
    package var description: String { rawValue }

    /// Bytes of an array of this type; nil when a dimension is negative or the product overflows.
    package func bytes(ofShape shape: [Int]) -> Int? {
        var total = size
        // A zero anywhere makes the array empty, but the other dimensions must still be numbers of elements.
        for dimension in shape {
            guard dimension >= 0 else { return nil }
            let (product, overflow) = total.multipliedReportingOverflow(by: max(dimension, 1))
            if overflow { return nil }
            total = product
        }
        return shape.contains(0) ? 0 : total
    }
}

/// A Swift type that stands for an element type bit for bit, in this machine's little-endian order.
package protocol ArrayElement: Sendable, BitwiseCopyable {
    /// The element type it stands for.
    static var elementType: ElementType { get }
}

extension UInt8: ArrayElement { package static var elementType: ElementType { .uint8 } }
extension Int8: ArrayElement { package static var elementType: ElementType { .int8 } }
extension UInt16: ArrayElement { package static var elementType: ElementType { .uint16 } }
extension Int16: ArrayElement { package static var elementType: ElementType { .int16 } }
extension UInt32: ArrayElement { package static var elementType: ElementType { .uint32 } }
extension Int32: ArrayElement { package static var elementType: ElementType { .int32 } }
extension UInt64: ArrayElement { package static var elementType: ElementType { .uint64 } }
extension Int64: ArrayElement { package static var elementType: ElementType { .int64 } }
extension Int: ArrayElement { package static var elementType: ElementType { .int64 } }
extension Float: ArrayElement { package static var elementType: ElementType { .float32 } }
extension Double: ArrayElement { package static var elementType: ElementType { .float64 } }
