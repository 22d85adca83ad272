/// The parts of a channels-last type [n, s…, c].
extension TensorType {
    /// The extents of the axes between batch and channels; empty for a rank of 2 or less.
    package var spatial: [Int] { Array(shape.dimensions.dropFirst().dropLast()) }
    /// Cells of one row. Takes nothing from the heap: kernels ask for it in every step.
    package var cells: Int {
        let spatial = shape.dimensions.dropFirst().dropLast()
        return spatial.contains(0) ? 0 : spatial.reduce(1) { $0.multiplied(saturating: $1) }
    }
    /// Extent of the last axis; of a type of at least one axis.
    package var channels: Int { shape.dimensions[shape.rank - 1] }
}
