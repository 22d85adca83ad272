import Formats
import Graph

/// How a convolution's kernel or a pool slides over the spatial axes of rows [s…, c]: the keys for its size, `strides`,
/// `padding` and `dilation_rate`.
struct SlidingWindow: Sendable {
    /// What lies around the input.
    enum Padding: String {
        /// No cells: the window stays inside the input.
        case valid
        /// As much as it takes that strides of 1 leave the extents; an odd cell goes behind.
        case same
        /// All in front, so that no step sees a later one.
        case causal
    }

    /// Cells along each axis.
    let extents: [Int]
    let strides: [Int]
    let dilation: [Int]
    let padding: Padding

    /// Reads `kernel_size` (required), `strides` (1), `padding` (valid) and `dilation_rate` (1); nil where one is wrong.
    init?(kernel reader: ObjectReader, axes: Int, canBeCausal: Bool = false) {
        let ones = Array(repeating: 1, count: axes)
        let extents = reader.numbers("kernel_size", axes: axes, required: true)
        strides = reader.numbers("strides", axes: axes) ?? ones
        dilation = reader.numbers("dilation_rate", axes: axes) ?? ones
        let padding = SlidingWindow.padding(reader, canBeCausal: canBeCausal)
        guard let extents, let padding else { return nil }
        self.extents = extents
        self.padding = padding
        guard spans.allSatisfy({ $0 <= 1 << 30 }) else {
            reader.fault("kernel_size", "and dilation_rate make a kernel that covers more than \(1 << 30) cells")
            return nil
        }
        if strides.contains(where: { $0 > 1 }), dilation.contains(where: { $0 > 1 }) {
            reader.fault("dilation_rate", "must be 1 where strides are more than 1: Keras has either of them, not both")
            return nil
        }
    }

    /// Reads `pool_size` (2), `strides` (those of the pool) and `padding` (valid); nil where one is wrong.
    init?(pool reader: ObjectReader, axes: Int) {
        let extents =
            reader.has("pool_size")
            ? reader.numbers("pool_size", axes: axes, in: 1...(1 << 30)) : Array(repeating: 2, count: axes)
        let strides = reader.has("strides") ? reader.numbers("strides", axes: axes) : extents
        let padding = SlidingWindow.padding(reader, canBeCausal: false)
        guard let extents, let strides, let padding else { return nil }
        self.extents = extents
        self.strides = strides
        self.padding = padding
        dilation = extents.map { _ in 1 }
    }

    /// Keras takes the word in any case.
    private static func padding(_ reader: ObjectReader, canBeCausal: Bool) -> Padding? {
        guard let word = reader.string("padding") else { return reader.has("padding") ? nil : .valid }
        if let padding = Padding(rawValue: word.lowercased()), padding != .causal || canBeCausal { return padding }
        let names = canBeCausal ? "\"valid\", \"same\" and \"causal\"" : "\"valid\" and \"same\""
        reader.fault("padding", "must be one of \(names), not \(word.quotedForMessage)")
        return nil
    }

    /// The cells that it covers along each axis, gaps included.
    var spans: [Int] {
        zip(extents, dilation).map { ($0 - 1).multipliedSaturated(by: $1).addingSaturated(1) }
    }

    /// What the graph calls the padding.
    var graphPadding: WindowPadding {
        switch padding {
        case .valid: .valid
        case .same: .same
        case .causal: .explicit(low: spans.map { $0 - 1 }, high: spans.map { _ in 0 })
        }
    }

    /// Its places along each spatial axis of a row; a row of other axes, and one that it does not fit in, is a fault.
    func places(in row: [Int], of layer: any Layer) throws(SpecError) -> [Int] {
        try checkAxes(of: row, of: layer)
        var places: [Int] = []
        for (axis, extent) in row.dropLast().enumerated() {
            guard padding == .valid else {
                places.append((extent - 1) / strides[axis] + 1)
                continue
            }
            guard extent >= spans[axis] else {
                throw SpecError(
                    layer.pointer,
                    "\(layer.name) (\(layer.common.className)) covers \(spans[axis]) cells along axis \(axis + 1), but rows "
                        + "of shape \(row) have \(extent): make it smaller, or give padding \"same\"")
            }
            places.append((extent - spans[axis]) / strides[axis] + 1)
        }
        return places
    }

    /// Refuses rows that are not made of as many spatial axes and the channels.
    func checkAxes(of row: [Int], of layer: any Layer) throws(SpecError) {
        try SlidingWindow.checkAxes(extents.count, of: row, of: layer)
    }

    /// Refuses rows that are not made of so many spatial axes and the channels.
    static func checkAxes(_ axes: Int, of row: [Int], of layer: any Layer) throws(SpecError) {
        guard row.count == axes + 1 else {
            throw SpecError(
                layer.pointer,
                "\(layer.name) (\(layer.common.className)) takes rows of \(axes + 1) axes, the last of them the channels, "
                    + "but its rows have the shape \(row)")
        }
        guard row.allSatisfy({ $0 > 0 }) else {
            throw SpecError(
                layer.pointer,
                "\(layer.name) (\(layer.common.className)) takes rows of at least one cell along each axis, not \(row)")
        }
    }
}
