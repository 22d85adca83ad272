import Graph

/// The parts of a channels-last type [n, s…, c].
extension TensorType {
    /// Extents between batch and channels.
    var spatial: [Int] { Array(shape.dimensions.dropFirst().dropLast()) }
    /// Cells of one row.
    var cells: Int { Shape(spatial).count }
    /// Extent of the last axis.
    var channels: Int { shape.dimensions[shape.rank - 1] }
}
