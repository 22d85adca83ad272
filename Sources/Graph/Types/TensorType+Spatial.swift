/// The parts of a channels-last type [n, s…, c].
extension TensorType {
    /// Extents between batch and channels; none where there are no such axes.
    package var spatial: [Int] { Array(shape.dimensions.dropFirst().dropLast()) }
    /// Cells of one row.
    package var cells: Int { Shape(spatial).count }
    /// Extent of the last axis; of a type of at least one axis.
    package var channels: Int { shape.dimensions[shape.rank - 1] }
}
