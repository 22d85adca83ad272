extension Initializer {
    /// Why a variable of this shape can't start so; nil: it can.
    package func mismatch(_ shape: Shape) -> String? {
        switch self {
        case .orthogonal where shape.rank < 2:
            "Orthogonal takes at least two axes, but the shape is \(shape.dimensions)"
        case .identity where shape.rank != 2: "Identity takes a matrix, but the shape is \(shape.dimensions)"
        case .constant, .literal, .uniform, .normal, .truncatedNormal, .varianceScaling, .orthogonal, .identity: nil
        }
    }
}
