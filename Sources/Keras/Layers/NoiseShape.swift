import Formats

/// Along which axes random numbers differ (Keras: `noise_shape`): those of extent 1 have the same number all along.
struct NoiseShape: Sendable {
    /// With the batch axis; an extent that is nil is the input's. Nil: all axes are.
    private let extents: [Int?]?
    private let pointer: JSONPointer

    /// Reads the member `noise_shape`; nil where it is at fault.
    init?(_ reader: ObjectReader) {
        pointer = reader.pointer(to: "noise_shape")
        guard let list = reader.list("noise_shape", count: 1...8) else {
            if reader.has("noise_shape") { return nil }
            extents = nil
            return
        }
        var extents: [Int?] = []
        for (value, place) in list {
            if value.isNull {
                extents.append(nil)
            } else if let extent = reader.element(value, at: place, in: 1 ... .max) {
                extents.append(extent)
            } else {
                return nil
            }
        }
        if let batch = extents[0], batch != 1 {
            reader.faults.add(
                list[0].pointer, "must be null or 1: the batch size is the job's", code: SpecError.notSupported)
            return nil
        }
        self.extents = extents
    }

    /// The same number along some axes; the batch is axis 0, and the axes are those of a tensor of so many.
    init(sameAlong axes: Set<Int>, rank: Int) {
        extents = (0..<rank).map { axes.contains($0) ? 1 : nil }
        pointer = .root
    }

    /// Refuses rows to which it does not stretch.
    func check(_ row: [Int]) throws(SpecError) {
        guard let extents else { return }
        let fits =
            extents.count == row.count + 1
            && zip(extents.dropFirst(), row).allSatisfy { extent, whole in (extent ?? whole) == whole || extent == 1 }
        guard fits else {
            let words = extents.map { $0.map(String.init) ?? "null" }.joined(separator: ", ")
            throw SpecError(
                pointer,
                "[\(words)] does not stretch to a batch of rows of shape \(row): give null, 1 or the same extent for each axis"
            )
        }
    }

    /// The extents of the numbers for a tensor of this shape, which has the batch in front.
    func extents(for shape: [Int]) -> [Int] {
        guard let extents, extents.count == shape.count else { return shape }
        return zip(extents, shape).map { $0 ?? $1 }
    }
}
