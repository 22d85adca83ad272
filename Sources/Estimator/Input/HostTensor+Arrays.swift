import Formats
import Graph

extension HostTensor {
    /// An array of whole numbers, of the type of these: int8 to int64, uint8, uint16.
    ///
    /// - Parameters:
    ///   - elements: the elements, row-major.
    ///   - shape: the axes, the records' first; nil, the default: a vector.
    /// - Throws: ``TrainingError/inputFailed(detail:)`` where so many elements don't fill the shape, or their type is none of these.
    public init<Whole: FixedWidthInteger>(_ elements: [Whole], shape: [Int]? = nil) throws(TrainingError) {
        let type: DType? =
            switch (Whole.bitWidth, Whole.isSigned) {
            case (8, false): .uint8
            case (8, true): .int8
            case (16, false): .uint16
            case (16, true): .int16
            case (32, true): .int32
            case (64, true): .int64
            case (_, _): nil
            }
        try self.init(elements, type, shape)
    }

    /// An array of floating numbers, of the type of these: float32 or float64.
    ///
    /// - Parameters:
    ///   - elements: the elements, row-major.
    ///   - shape: the axes, the records' first; nil, the default: a vector.
    /// - Throws: ``TrainingError/inputFailed(detail:)`` where so many elements don't fill the shape, or their type is none of these.
    public init<Real: BinaryFloatingPoint>(_ elements: [Real], shape: [Int]? = nil) throws(TrainingError) {
        try self.init(elements, Real.self == Float.self ? .float32 : Real.self == Double.self ? .float64 : nil, shape)
    }

    private init<Element>(_ elements: [Element], _ type: DType?, _ shape: [Int]?) throws(TrainingError) {
        guard let type else {
            throw .inputFailed(
                detail: "numbers of the type \(Element.self) can't be computed with: expected one of "
                    + DType.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let shape = shape ?? [elements.count]
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, { $0.multiplied(saturating: $1) }) == elements.count else {
            throw .inputFailed(detail: "\(elements.count) elements do not fill the shape \(shape)")
        }
        self.init(name: "", type: TensorType(type, Shape(shape)), bytes: elements.withUnsafeBytes { [UInt8]($0) })
    }

    /// The same as files have it.
    var array: NDArray {
        do {
            guard let element = ElementType(rawValue: type.dtype.rawValue) else {
                preconditionFailure("every element type of a graph is one of the file formats'")
            }
            return try NDArray(type: element, shape: shape, bytes: bytes)
        } catch {
            preconditionFailure("a tensor has as many bytes as its type asks for")
        }
    }
}
