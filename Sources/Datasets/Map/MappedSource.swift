import Formats

/// A source whose records are mapped, as far as no step draws, each time they are read: for records too large together to
/// be kept mapped.
struct MappedSource: RecordSource {
    private let source: any RecordSource
    private let map: RecordMap

    init(_ source: any RecordSource, _ map: RecordMap) {
        self.source = source
        self.map = map
    }

    var count: Int { source.count }
    var layout: RecordLayout { map.kept }
    var places: [RecordLocations] { source.places }

    func read(record: Int, element: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) {
        try read(records: record..<(record + 1), element: element, into: buffer)
    }

    func read(records: Range<Int>, element: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) {
        let way = map.ways[element]
        if way.isIdentity {
            try source.read(records: records, element: element, into: buffer)
            return
        }
        let raw = UnsafeMutableRawBufferPointer.allocate(
            byteCount: records.count * source.layout.elements[element].byteCount, alignment: 64)
        defer { raw.deallocate() }
        try source.read(records: records, element: element, into: raw)
        try way.apply(UnsafeRawBufferPointer(raw), into: buffer, first: records.lowerBound, source.places[element])
    }
}

extension RecordSource {
    /// The source with the map applied up to its first random step: all records now, kept in memory, when they fit in the
    /// limit; else each time they are read.
    func mapped(_ map: RecordMap, _ limits: SourceLimits) throws(DatasetError) -> any RecordSource {
        let isSame = map.keepsRecordsOf(layout)
        let mapped = MappedSource(self, map)
        let size = map.kept.recordBytes.multipliedReportingOverflow(by: count)
        if size.overflow || size.partialValue > limits.cachedBytes { return isSame ? self : mapped }
        // Sequences of a text may lie one over the other, and are in memory once.
        if isSame, self is MemorySource || self is TextSource { return self }
        return try mapped.inMemory()
    }

    /// A copy of all records in memory.
    func inMemory() throws(DatasetError) -> MemorySource {
        var blocks: [NDArray] = []
        for (element, spec) in layout.elements.enumerated() {
            var block = NDArray(zeros: spec.type, shape: [count] + spec.shape)
            // In pieces that stay in the processor's cache while the map goes over them.
            let piece = max(1, (1 << 18) / max(1, spec.byteCount))
            var start = 0
            while start < count {
                let records = start..<min(start + piece, count)
                var result: Result<Void, DatasetError> = .success(())
                block.withUnsafeMutableBytes { bytes in
                    let range = (records.lowerBound * spec.byteCount)..<(records.upperBound * spec.byteCount)
                    let target = UnsafeMutableRawBufferPointer(rebasing: bytes[range])
                    result = Result { () throws(DatasetError) in
                        try self.read(records: records, element: element, into: target)
                    }
                }
                try result.get()
                start = records.upperBound
            }
            blocks.append(block)
        }
        return MemorySource(blocks: blocks, count: count, layout: layout, places: places)
    }
}
