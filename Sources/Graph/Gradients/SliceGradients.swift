/// What comes back to a tensor from slices of it. Slices along one axis that don't overlap, as the time steps of a recurrent
/// layer, are put one behind the other, so that many of them cost what one does: each alone would be padded to the
/// tensor's whole extents and added.
struct SliceGradients {
    /// The gradient of a slice that cuts one axis alone, without strides.
    struct Slice {
        let axis: Int
        let start: Int
        let gradient: Tensor

        var end: Int { start + gradient.shape[axis] }

        /// Nil: the node is not such a slice.
        init?(_ program: Program, _ id: ValueID, _ gradient: Tensor) {
            let node = program[id]
            guard case .slice(let starts, let limits, let strides) = node.op, strides.allSatisfy({ $0 == 1 }) else {
                return nil
            }
            let extents = program[node.operands[0]].type.shape.dimensions
            let cut = extents.indices.filter { starts[$0] != 0 || limits[$0] != extents[$0] }
            guard cut.count == 1, node.type.shape.count > 0 else { return nil }
            axis = cut[0]
            start = starts[cut[0]]
            self.gradient = gradient
        }
    }

    private var slices: [Slice] = []

    /// Adds one more slice of the same tensor.
    mutating func add(_ slice: Slice) { slices.append(slice) }

    /// Gradients of the whole tensor, whose sum is that of all slices.
    func parts(of tensor: Tensor) -> [Tensor] {
        var rows: [[Slice]] = []
        for axis in Set(slices.map(\.axis)).sorted() {
            // Each to the first row in which it does not overlap; those of one place in the order that they came.
            let own = slices.filter { $0.axis == axis }.enumerated().sorted {
                ($0.element.start, $0.offset) < ($1.element.start, $1.offset)
            }
            var open: [Int] = []
            for slice in own.map(\.element) {
                if let row = open.first(where: { (rows[$0].last?.end ?? 0) <= slice.start }) {
                    rows[row].append(slice)
                } else {
                    open.append(rows.count)
                    rows.append([slice])
                }
            }
        }
        return rows.map { SliceGradients.joined($0, tensor) }
    }

    /// Slices one behind the other, and zeros where there is none.
    private static func joined(_ row: [Slice], _ tensor: Tensor) -> Tensor {
        let axis = row[0].axis
        var parts: [Tensor] = []
        var end = 0
        func fill(to start: Int) {
            guard start > end else { return }
            var extents = tensor.shape.dimensions
            extents[axis] = start - end
            parts.append(tensor.builder.constant(0, shape: Shape(extents), dtype: tensor.dtype))
        }
        if row.count > 1 {
            for slice in row {
                fill(to: slice.start)
                parts.append(slice.gradient)
                end = slice.end
            }
            fill(to: tensor.shape[axis])
            return tensor.builder.concatenate(parts, axis: axis)
        }
        let none = tensor.shape.dimensions.map { _ in 0 }
        var (low, high) = (none, none)
        low[axis] = row[0].start
        high[axis] = tensor.shape[axis] - row[0].end
        return row[0].gradient.padded(low: low, high: high)
    }
}
