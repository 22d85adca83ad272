/// Element type and shape of a value.
public struct TensorType: Sendable, Hashable, CustomStringConvertible {
    /// What the elements are.
    public let dtype: DType
    /// How many, in which arrangement.
    public let shape: Shape

    /// A type of this element type and shape.
    public init(_ dtype: DType, _ shape: Shape) {
        self.dtype = dtype
        self.shape = shape
    }

    /// The type of one element without axes.
    public static func scalar(_ dtype: DType) -> TensorType { TensorType(dtype, .scalar) }

    /// Elements in a value of this type.
    package var count: Int { shape.count }

    /// Bytes that a value of this type takes, row-major and without gaps; saturates as `Shape.count` does.
    package var byteCount: Int { shape.count.multiplied(saturating: dtype.size) }

    /// The same element type in another shape.
    package func with(_ shape: Shape) -> TensorType { TensorType(dtype, shape) }

    /// The same shape with another element type.
    package func with(_ dtype: DType) -> TensorType { TensorType(dtype, shape) }

    /// As `float32[2,3]`.
    public var description: String { "\(dtype.rawValue)\(shape)" }
}
