import Formats

/// Axes that a configuration names as Keras counts them: the batch is 0, negative ones count from the end.
struct RowAxes: Sendable {
    /// As they were written.
    let axes: [Int]
    private let pointer: JSONPointer

    /// Reads one axis or a list of them.
    ///
    /// - Parameter fallback: where none is given; the last axis by default.
    init(_ reader: ObjectReader, _ name: String = "axis", default fallback: [Int] = [-1]) {
        pointer = reader.pointer(to: name)
        if reader.value(name)?.array != nil {
            axes = reader.ints(name, in: -8...8, count: 0...8) ?? fallback
        } else {
            axes = reader.int(name, in: -8...8).map { [$0] } ?? fallback
        }
    }

    /// The places of the axes among those of a row, which has no batch axis, in the order that they were written; nil
    /// where one is the batch, is not there, or is named twice.
    private func places(inRowOf rank: Int) -> [Int]? {
        let places = axes.map { $0 < 0 ? $0 + rank : $0 - 1 }
        let isPossible = places.allSatisfy { (0..<rank).contains($0) } && Set(places).count == places.count
        return isPossible ? places : nil
    }

    /// The places of the axes in a row of this shape, ascending; what is not possible is a fault.
    ///
    /// - Parameter isOrdered: whether they must be written in ascending order, as where a variable's axes follow them.
    func places(in row: [Int], of layer: any Layer, isOrdered: Bool = false) throws(SpecError) -> [Int] {
        guard let places = places(inRowOf: row.count) else {
            throw SpecError(
                pointer,
                "\(axes) are not axes of what \(layer.name) (\(layer.common.className)) takes: a row has the shape \(row), "
                    + "its axes are 1 to \(row.count) or -\(row.count) to -1; 0 is the batch")
        }
        let ascending = places.sorted()
        guard places == ascending || !isOrdered else {
            throw SpecError(pointer, "must name the axes in ascending order, not \(axes)")
        }
        return ascending
    }

    /// The axes of a tensor, which has the batch in front, ascending; those that the plan found.
    func tensorAxes(rank: Int) -> [Int] { (places(inRowOf: rank - 1) ?? []).sorted().map { $0 + 1 } }
}
