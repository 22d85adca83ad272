import Formats

/// What the configurations of several layers have in common: the layout of data, and numbers by axis.
extension ObjectReader {
    /// Reads `data_format`: only channels_last is possible.
    func channelsLastOnly() {
        guard let format = string("data_format"), format.lowercased() != "channels_last" else { return }
        fault(
            "data_format",
            "\(format.quotedForMessage) is not supported: data is channels_last; make the model with "
                + "data_format=\"channels_last\", and give rows whose last axis is the channels",
            code: SpecError.notSupported)
    }

    /// One whole number for each of so many axes, where a single number counts for all; nil when not given or wrong.
    ///
    /// - Parameter range: of each; 1 to the largest extent by default.
    func numbers(
        _ name: String, axes: Int, required: Bool = false, in range: ClosedRange<Int> = 1...SpecLimit.extent
    ) -> [Int]? {
        guard let value = value(name, required: required) else { return nil }
        if value.array != nil { return ints(name, in: range, count: axes...axes) }
        return int(name, in: range).map { Array(repeating: $0, count: axes) }
    }

    /// Cells in front of and behind each of so many axes: one number for all, one for both sides of each axis, or a pair
    /// for each axis; for one axis, a number or a pair. Nil where it is wrong.
    func margins(_ name: String, axes: Int, default fallback: Int) -> (low: [Int], high: [Int])? {
        func same(_ cells: [Int]) -> (low: [Int], high: [Int]) { (cells, cells) }
        guard let value = value(name) else { return same(Array(repeating: fallback, count: axes)) }
        guard value.array != nil else {
            return int(name, in: ObjectReader.margin).map { same(Array(repeating: $0, count: axes)) }
        }
        if axes == 1 {
            return ints(name, in: ObjectReader.margin, count: 2...2).map { ([$0[0]], [$0[1]]) }
        }
        guard let entries = list(name, count: axes...axes) else { return nil }
        let pairs = entries.compactMap { pair($0.value, at: $0.pointer) }
        return pairs.count == axes ? (pairs.map(\.low), pairs.map(\.high)) : nil
    }

    /// What a window can have around it.
    private static let margin = 0...(1 << 30)

    private func pair(_ value: JSON, at pointer: JSONPointer) -> (low: Int, high: Int)? {
        guard let list = value.array else {
            return element(value, at: pointer, in: ObjectReader.margin).map { ($0, $0) }
        }
        guard list.count == 2 else {
            faults.add(pointer, "must be a number or two, for in front and behind, not \(list.count)")
            return nil
        }
        let cells = list.enumerated().compactMap { place, cell in
            element(cell, at: pointer.appending(place), in: ObjectReader.margin)
        }
        return cells.count == 2 ? (cells[0], cells[1]) : nil
    }
}
