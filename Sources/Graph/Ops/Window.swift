/// How a window slides over the spatial axes of a channels-last tensor: one number an axis in each list.
package struct Window: Sendable, Hashable, CustomStringConvertible {
    /// Cells of the window along each axis.
    package let extents: [Int]
    /// Cells from one place of the window to the next; at least 1.
    package let strides: [Int]
    /// Cells from one cell of the window to its neighbour: 1 without gaps.
    package let dilation: [Int]
    /// Cells of padding in front of each axis.
    package let low: [Int]
    /// Cells of padding behind each axis.
    package let high: [Int]

    /// A window; lists that are not given mean strides of 1, no gaps and no padding.
    package init(
        extents: [Int], strides: [Int]? = nil, dilation: [Int]? = nil, low: [Int]? = nil, high: [Int]? = nil
    ) {
        self.extents = extents
        self.strides = strides ?? extents.map { _ in 1 }
        self.dilation = dilation ?? extents.map { _ in 1 }
        self.low = low ?? extents.map { _ in 0 }
        self.high = high ?? extents.map { _ in 0 }
    }

    /// Cells of the window in all.
    package var cells: Int { Shape(extents).count }

    /// The window's places along each axis of the given extents; nil when it fits nowhere, or the numbers make no
    /// window for so many axes.
    package func places(in input: [Int]) -> [Int]? {
        let lists = [extents, strides, dilation, low, high]
        guard lists.allSatisfy({ $0.count == input.count }), !input.isEmpty,
            (extents + strides + dilation).allSatisfy({ $0 >= 1 && $0 <= 1 << 31 }),
            (low + high).allSatisfy({ $0 >= 0 && $0 <= 1 << 30 }), input.allSatisfy({ $0 >= 0 && $0 <= 1 << 31 })
        else { return nil }
        var places: [Int] = []
        for axis in input.indices {
            let padded = input[axis] + low[axis] + high[axis]
            let span = (extents[axis] - 1).multiplied(saturating: dilation[axis]).adding(saturating: 1)
            guard padded >= span else { return nil }
            places.append((padded - span) / strides[axis] + 1)
        }
        return places
    }

    /// As `3x3 by 2x2 dilated 1x1 padded 0x0 1x1`; what is usual is left out.
    package var description: String {
        func text(_ list: [Int]) -> String { list.map(String.init).joined(separator: "x") }
        var words = [text(extents)]
        if strides.contains(where: { $0 != 1 }) { words.append("by \(text(strides))") }
        if dilation.contains(where: { $0 != 1 }) { words.append("dilated \(text(dilation))") }
        if (low + high).contains(where: { $0 != 0 }) { words.append("padded \(text(low)) \(text(high))") }
        return words.joined(separator: " ")
    }
}

/// What becomes of the cells under a window.
package enum Pooling: String, Sendable, Hashable, CaseIterable {
    /// Their sum.
    case sum
    /// The largest; NaN if one is.
    case max
}
