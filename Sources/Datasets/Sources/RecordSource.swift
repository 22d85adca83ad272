package import Formats

/// One array of every record: a feature or a label.
package struct ElementSpec: Sendable, Hashable {
    /// The name by which a model asks for it.
    package let name: String
    /// The elements' type.
    package let type: ElementType
    /// The dimensions of one record, without the batch; empty for a scalar.
    package let shape: [Int]

    /// A specification; the shape must fit in memory.
    package init(name: String, type: ElementType, shape: [Int]) {
        precondition(type.bytes(ofShape: shape) != nil, "the caller has checked the shape \(shape)")
        self.name = name
        self.type = type
        self.shape = shape
    }

    /// Bytes of one record's array.
    package var byteCount: Int { type.bytes(ofShape: shape) ?? 0 }

    /// Elements of one record's array.
    package var count: Int { byteCount / type.size }
}

/// What a source holds: the arrays of each record, features first, then labels, then weights.
package struct RecordLayout: Sendable, Hashable {
    /// The arrays in order.
    package let elements: [ElementSpec]
    /// How many of them are features.
    package let featureCount: Int
    /// How many of them are weights; those between are labels.
    package let weightCount: Int

    /// A layout; features and weights are at most as many as elements. No weights unless given.
    package init(elements: [ElementSpec], featureCount: Int, weightCount: Int = 0) {
        precondition(0...elements.count ~= featureCount, "features are some of the elements")
        precondition(0...(elements.count - featureCount) ~= weightCount, "weights are some of the rest")
        self.elements = elements
        self.featureCount = featureCount
        self.weightCount = weightCount
    }

    /// The features.
    package var features: ArraySlice<ElementSpec> { elements[..<featureCount] }
    /// The labels.
    package var labels: ArraySlice<ElementSpec> { elements[labelRange] }
    /// Which of the arrays are labels.
    package var labelRange: Range<Int> { featureCount..<(elements.count - weightCount) }
    /// How much the record counts in the losses of the labels.
    package var weights: ArraySlice<ElementSpec> { elements[labelRange.upperBound...] }
    /// Bytes of one record.
    package var recordBytes: Int { elements.reduce(0) { $0 + $1.byteCount } }
}

/// Records that can be read in any order, from any thread.
package protocol RecordSource: Sendable {
    /// The number of records.
    var count: Int { get }
    /// The arrays of each record.
    var layout: RecordLayout { get }
    /// Where each element's records come from, for messages; by default nothing is known but their numbers.
    var places: [RecordLocations] { get }
    /// Copies one record's array into a buffer of exactly its size; throws when the source turns out unreadable.
    func read(record: Int, element: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError)
    /// Copies a run of records' arrays, one after another; has a default made of single reads.
    func read(records: Range<Int>, element: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError)
    /// Copies chosen records' arrays, one after another; has a default made of single reads.
    func gather(_ records: ArraySlice<UInt32>, element: Int, into buffer: UnsafeMutableRawBufferPointer)
        throws(DatasetError)
}

extension RecordSource {
    package var places: [RecordLocations] { layout.elements.map { _ in RecordLocations() } }

    package func gather(
        _ records: ArraySlice<UInt32>, element: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(DatasetError) {
        let size = layout.elements[element].byteCount
        for (place, record) in records.enumerated() {
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[(place * size)..<((place + 1) * size)])
            try read(record: Int(record), element: element, into: target)
        }
    }

    package func read(
        records: Range<Int>, element: Int, into buffer: UnsafeMutableRawBufferPointer
    ) throws(DatasetError) {
        let size = layout.elements[element].byteCount
        for (place, record) in records.enumerated() {
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[(place * size)..<((place + 1) * size)])
            try read(record: record, element: element, into: target)
        }
    }

    /// The first label that is not a whole number from 0 to below `classes`, among all of an element's; nil when there
    /// is none.
    package func firstWrongLabel(classes: Int, element: Int) throws(DatasetError) -> WrongLabel? {
        let spec = layout.elements[element]
        guard spec.count > 0 else { return nil }
        let places = places[element]
        return try first(element) { bytes, first in
            ClassLabels.firstWrong(bytes, spec.type, perRecord: spec.count, classes: classes, first: first, places)
        }
    }

    /// What the closure finds first in an element's arrays, which it gets in pieces of consecutive records with the
    /// number of the first.
    func first<Found>(
        _ element: Int, _ find: (UnsafeRawBufferPointer, Int) -> Found?
    ) throws(DatasetError) -> Found? {
        let size = layout.elements[element].byteCount
        guard size > 0, count > 0 else { return nil }
        let piece = min(count, max(1, (1 << 18) / size))
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: piece * size, alignment: 64)
        defer { scratch.deallocate() }
        var start = 0
        while start < count {
            let records = start..<min(start + piece, count)
            let target = UnsafeMutableRawBufferPointer(rebasing: scratch[..<(records.count * size)])
            try read(records: records, element: element, into: target)
            if let found = find(UnsafeRawBufferPointer(target), start) { return found }
            start = records.upperBound
        }
        return nil
    }
}
