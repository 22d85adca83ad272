package import Formats

/// Records whose arrays lie in memory, one block for each element.
package final class MemorySource: RecordSource {
    package let count: Int
    package let layout: RecordLayout
    package let places: [RecordLocations]
    private let blocks: [NDArray]

    /// A source of arrays whose first dimension counts records. All must have the same count; there are as many places,
    /// or none.
    package init(
        _ arrays: [(name: String, array: NDArray)], featureCount: Int, weightCount: Int = 0,
        places: [RecordLocations] = []
    ) {
        let count = arrays.first?.array.shape.first ?? 0
        precondition(arrays.allSatisfy { $0.array.shape.first == count }, "all arrays have the same number of records")
        self.count = count
        layout = RecordLayout(
            elements: arrays.map {
                ElementSpec(name: $0.name, type: $0.array.type, shape: Array($0.array.shape.dropFirst()))
            }, featureCount: featureCount, weightCount: weightCount)
        self.places = places.count == arrays.count ? places : arrays.map { _ in RecordLocations() }
        blocks = arrays.map(\.array)
    }

    /// A source of blocks that were filled by the caller, `count` records of the layout each.
    init(blocks: [NDArray], count: Int, layout: RecordLayout, places: [RecordLocations]) {
        self.places = places
        self.blocks = blocks
        self.count = count
        self.layout = layout
    }

    package func read(
        record: Int, element: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(DatasetError) {
        try read(records: record..<(record + 1), element: element, into: buffer)
    }

    package func read(
        records: Range<Int>, element: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(DatasetError) {
        let size = layout.elements[element].byteCount
        blocks[element].withUnsafeBytes { block in
            buffer.copyMemory(
                from: UnsafeRawBufferPointer(
                    rebasing: block[(records.lowerBound * size)..<(records.upperBound * size)]))
        }
    }

    package func gather(
        _ records: ArraySlice<UInt32>, element: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(DatasetError) {
        let size = layout.elements[element].byteCount
        precondition(buffer.count == records.count * size, "the buffer holds the records exactly")
        guard size > 0, var target = buffer.baseAddress else { return }
        blocks[element].withUnsafeBytes { block in
            guard let base = block.baseAddress else { return }
            for record in records {
                precondition(record < count, "the order holds this source's records")
                target.copyMemory(from: base + Int(record) * size, byteCount: size)
                target += size
            }
        }
    }
}
