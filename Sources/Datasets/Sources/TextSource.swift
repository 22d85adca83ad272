import Formats

/// The bytes of a file in sequences, each with the bytes one further on as its labels: what a model of the next byte
/// learns from.
///
/// The names are those of Keras' `timeseries_dataset_from_array`; sequence r begins at byte r · `sequenceStride`.
struct TextSource: RecordSource {
    let count: Int
    let layout: RecordLayout
    let places: [RecordLocations]
    private let bytes: [UInt8]
    private let stride: Int

    /// Reads the file; throws what ``check(_:_:_:)`` throws, and what only reading shows.
    init(_ definition: TextDefinition, _ roots: DataRoots, _ limits: SourceLimits) throws(DatasetError) {
        let stream = try TextSource.open(definition, roots, limits)
        do {
            // One more shows that there are more.
            bytes = try stream.next(limits.bytes.addingSaturated(1))
        } catch {
            throw DatasetError(error, of: definition.path, TextSource.pointer.appending("path"))
        }
        count = try TextSource.count(definition, bytes: bytes.count, limits)
        layout = TextSource.layout(definition)
        stride = definition.sequenceStride
        places = layout.elements.map { _ in RecordLocations(file: definition.path) }
    }

    /// What a look at the file shows; the number of sequences of a compressed file is not known then.
    static func check(
        _ definition: TextDefinition, _ roots: DataRoots, _ limits: SourceLimits
    ) throws(DatasetError) -> SourceSummary {
        let stream = try open(definition, roots, limits)
        let count: Int? = if let size = stream.size { try count(definition, bytes: size, limits) } else { nil }
        let layout = layout(definition)
        return SourceSummary(count: count, layout: layout)
    }

    func read(record: Int, element: Int, into buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) {
        let start = record * stride + element
        bytes.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<(start + buffer.count)]))
        }
    }

    // MARK: Definition

    private static let pointer = JSONPointer("source", "text")

    private static func layout(_ definition: TextDefinition) -> RecordLayout {
        RecordLayout(
            elements: ["features", "labels"].map {
                ElementSpec(name: $0, type: .uint8, shape: [definition.sequenceLength])
            }, featureCount: 1)
    }

    private static func open(
        _ definition: TextDefinition, _ roots: DataRoots, _ limits: SourceLimits
    ) throws(DatasetError) -> ByteStream {
        for (name, number) in [
            ("sequence_length", definition.sequenceLength), ("sequence_stride", definition.sequenceStride),
        ] where number < 1 {
            throw DatasetError(
                .invalidDefinition, pointer.appending(name), "must be a positive whole number, not \(number)")
        }
        let member = pointer.appending("path")
        let file = try roots.open(definition.path, for: member)
        do {
            return try ByteStream(file)
        } catch {
            throw DatasetError(error, of: definition.path, member)
        }
    }

    /// How many whole sequences with their labels lie in so many bytes.
    private static func count(
        _ definition: TextDefinition, bytes: Int, _ limits: SourceLimits
    ) throws(DatasetError) -> Int {
        guard bytes <= limits.bytes else {
            throw DatasetError(
                .tooLarge, pointer.appending("path"),
                "\(definition.path) holds more than the limit of \(limits.bytes) bytes")
        }
        guard bytes > definition.sequenceLength else {
            throw DatasetError(
                .mismatch, pointer.appending("sequence_length"),
                "\(definition.sequenceLength) and the byte behind need \(definition.sequenceLength.addingSaturated(1)) "
                    + "bytes, but \(definition.path) holds \(bytes)")
        }
        return (bytes - 1 - definition.sequenceLength) / definition.sequenceStride + 1
    }
}
