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

/// What a source holds: the arrays of each record, features first, then labels.
package struct RecordLayout: Sendable, Hashable {
    /// The arrays in order.
    package let elements: [ElementSpec]
    /// How many of them are features; the rest are labels.
    package let featureCount: Int

    /// A layout; `featureCount` is at most the number of elements.
    package init(elements: [ElementSpec], featureCount: Int) {
        precondition(0...elements.count ~= featureCount, "features are some of the elements")
        self.elements = elements
        self.featureCount = featureCount
    }

    /// The features.
    package var features: ArraySlice<ElementSpec> { elements[..<featureCount] }
    /// The labels.
    package var labels: ArraySlice<ElementSpec> { elements[featureCount...] }
    /// Bytes of one record.
    package var recordBytes: Int { elements.reduce(0) { $0 + $1.byteCount } }
}

/// Records that can be read in any order, from any thread.
package protocol RecordSource: Sendable {
    /// The number of records.
    var count: Int { get }
    /// The arrays of each record.
    var layout: RecordLayout { get }
    /// Copies one record's array into a buffer of exactly its size; throws when the source turns out unreadable.
    func read(record: Int, element: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError)
    /// Copies a run of records' arrays, one after another; has a default made of single reads.
    func read(records: Range<Int>, element: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError)
    /// Copies chosen records' arrays, one after another; has a default made of single reads.
    func gather(_ records: ArraySlice<UInt32>, element: Int, into buffer: UnsafeMutableRawBufferPointer)
        throws(DatasetError)
}

extension RecordSource {
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

    /// The first record whose integer label is outside of a range, among the first `limit` records; nil when there
    /// is none or the element is no scalar of a whole-number type.
    package func firstLabel(
        outside range: Range<Int>, element: Int, limit: Int = .max
    ) throws(DatasetError) -> (record: Int, value: Int)? {
        let spec = layout.elements[element]
        guard spec.type.isInteger, spec.count == 1 else { return nil }
        let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
        defer { scratch.deallocate() }
        for record in 0..<min(count, limit) {
            try read(
                record: record, element: element,
                into: UnsafeMutableRawBufferPointer(rebasing: scratch[..<spec.byteCount]))
            let value = spec.type.wholeNumber(at: UnsafeRawPointer(scratch.baseAddress.unsafelyUnwrapped))
            if !range.contains(value) { return (record, value) }
        }
        return nil
    }
}

extension ElementType {
    /// The whole number of this type at an address; an unsigned one past the range of Int is its maximum.
    func wholeNumber(at address: UnsafeRawPointer) -> Int {
        switch self {
        case .bool, .uint8: Int(address.load(as: UInt8.self))
        case .int8: Int(address.load(as: Int8.self))
        case .uint16: Int(address.load(as: UInt16.self))
        case .int16: Int(address.load(as: Int16.self))
        case .uint32: Int(address.load(as: UInt32.self))
        case .int32: Int(address.load(as: Int32.self))
        case .uint64: Int(clamping: address.load(as: UInt64.self))
        case .int64: Int(address.load(as: Int64.self))
        case .float16, .bfloat16, .float32, .float64: preconditionFailure("the caller asks for whole numbers only")
        }
    }
}
