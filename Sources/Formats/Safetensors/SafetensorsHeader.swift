package import OrderedCollections

/// The head of a safetensors file: what tensors there are and where (the format's page: 8 bytes little-endian length,
/// JSON header, data).
///
/// Held against the reference implementation's rules: the header at most 100,000,000 bytes, starting with `{`, every
/// tensor's range in order, without overlap or hole, the last at the end of the file; and beyond them: no name twice.
package struct SafetensorsHeader: Sendable, Hashable {
    /// One tensor's place.
    package struct Entry: Sendable, Hashable {
        /// The elements' type.
        package let type: ElementType
        /// The dimensions.
        package let shape: [Int]
        /// The bytes' range from the end of the header.
        package let range: Range<Int>
    }

    /// The largest header that is read.
    package static let maximumSize = 100_000_000

    /// The free text of `__metadata__`; empty when there is none.
    package let metadata: OrderedDictionary<String, String>
    /// The tensors by name, in the header's order.
    package let entries: OrderedDictionary<String, Entry>
    /// Where the data begins in the file.
    package let dataOffset: Int

    /// The tensors' names, in the header's order.
    package var names: [String] { Array(entries.keys) }

    /// The tensors for a sentence: "a, b, c", the first twenty.
    package var namesInWords: String {
        entries.isEmpty ? "no tensor" : entries.keys.quotedForMessage()
    }

    /// The place of the tensor of that name.
    package func entry(named name: String) -> Entry? { entries[name] }

    /// Reads the header's length from the first 8 bytes of a file of `fileSize` bytes.
    package static func length(_ prefix: [UInt8], fileSize: Int) throws(FormatError) -> Int {
        guard prefix.count >= 8 else {
            throw FormatError(.truncated, "A safetensors file has at least 8 bytes, not \(prefix.count)")
        }
        let length = prefix[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= maximumSize else {
            // Text in the first bytes makes an absurd number, which would tell nobody anything.
            if prefix.prefix(8).allSatisfy({ 0x09...0x0D ~= $0 || 0x20..<0x7F ~= $0 }) {
                throw FormatError(.malformed, "is text, not a safetensors file, which begins with its header's length")
            }
            throw FormatError(
                .tooLarge,
                "is not a safetensors file, or its header is longer than \(maximumSize) bytes: its first 8 bytes say so"
            )
        }
        guard Int(length) <= fileSize - 8 else {
            throw FormatError(
                .truncated, "The safetensors header has \(length) bytes, but only \(fileSize - 8) follow")
        }
        return Int(length)
    }

    /// Reads the header's JSON and holds it against a file of `fileSize` bytes.
    package init(json: [UInt8], fileSize: Int) throws(FormatError) {
        guard json.first == UInt8(ascii: "{") else {
            throw FormatError(.malformed, "The safetensors header does not begin with \"{\"")
        }
        let header: JSON
        do {
            header = try JSON(parsing: json, limits: JSONLimits(depth: 3))
        } catch {
            throw FormatError(.malformed, "The safetensors header is not valid JSON: \(error)")
        }
        var metadata: OrderedDictionary<String, String> = [:]
        var entries: OrderedDictionary<String, Entry> = [:]
        for (name, value) in header.object ?? [:] {
            if name == "__metadata__" {
                metadata = try SafetensorsHeader.metadata(value)
            } else {
                entries[name] = try SafetensorsHeader.entry(value, name)
            }
        }
        self.metadata = metadata
        self.entries = entries
        dataOffset = 8 + json.count
        try checkRanges(dataSize: fileSize - dataOffset)
    }

    private static func metadata(_ value: JSON) throws(FormatError) -> OrderedDictionary<String, String> {
        guard let members = value.object else {
            throw FormatError(.malformed, "The safetensors field __metadata__ is not an object")
        }
        var metadata: OrderedDictionary<String, String> = [:]
        for (name, value) in members {
            guard let text = value.string else {
                throw FormatError(.malformed, "The safetensors metadata \(name.quotedForMessage) is not a string")
            }
            metadata[name] = text
        }
        return metadata
    }

    private static func entry(_ value: JSON, _ name: String) throws(FormatError) -> Entry {
        let title = "The tensor \(name.quotedForMessage)"
        guard let members = value.object, members.count == 3, let type = members["dtype"]?.string,
            let shape = members["shape"]?.array, let offsets = members["data_offsets"]?.array, offsets.count == 2
        else {
            throw FormatError(.malformed, "\(title) does not have exactly dtype, shape and two data_offsets")
        }
        guard let elementType = ElementType(safetensors: type) else {
            throw FormatError(.unsupported, "\(title) has the dtype \(type.quotedForMessage), which is not supported")
        }
        var dimensions: [Int] = []
        for value in shape {
            guard let dimension = value.number.flatMap({ Int($0.lexeme) }), dimension >= 0 else {
                throw FormatError(.malformed, "\(title) has a shape with \(value.inWords) in it")
            }
            dimensions.append(dimension)
        }
        guard let begin = offsets[0].number.flatMap({ Int($0.lexeme) }), begin >= 0,
            let end = offsets[1].number.flatMap({ Int($0.lexeme) }), end >= begin
        else {
            throw FormatError(.malformed, "\(title) has data_offsets that are not a range")
        }
        guard let count = elementType.bytes(ofShape: dimensions) else {
            throw FormatError(.malformed, "\(title) has a shape whose size overflows")
        }
        guard count == end - begin else {
            throw FormatError(
                .malformed, "\(title) has \(end - begin) bytes, but \(elementType) \(dimensions) takes \(count)")
        }
        return Entry(type: elementType, shape: dimensions, range: begin..<end)
    }

    private func checkRanges(dataSize: Int) throws(FormatError) {
        var end = 0
        let inOrder = entries.elements.sorted {
            ($0.value.range.lowerBound, $0.value.range.upperBound)
                < ($1.value.range.lowerBound, $1.value.range.upperBound)
        }
        for (name, entry) in inOrder {
            guard entry.range.lowerBound == end else {
                let what = entry.range.lowerBound < end ? "overlaps the one before it" : "leaves a hole before it"
                throw FormatError(.malformed, "The tensor \(name.quotedForMessage) \(what) in the file")
            }
            end = entry.range.upperBound
        }
        guard end <= dataSize else {
            throw FormatError(.truncated, "The tensors take \(end) bytes, but the file has \(dataSize) of them")
        }
        guard end == dataSize else {
            throw FormatError(.malformed, "\(dataSize - end) bytes follow after the last tensor")
        }
    }
}

extension ElementType {
    /// The type by its safetensors name; nil for a name that is not known here.
    package init?(safetensors name: String) {
        guard let type = ElementType.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
        self = type
    }

    /// The name in a safetensors header.
    package var safetensorsName: String {
        switch self {
        case .bool: "BOOL"
        case .uint8: "U8"
        case .int8: "I8"
        case .uint16: "U16"
        case .int16: "I16"
        case .uint32: "U32"
        case .int32: "I32"
        case .uint64: "U64"
        case .int64: "I64"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .float32: "F32"
        case .float64: "F64"
        }
    }

    /// The type's place in the reference implementation's `Dtype`, by which it orders tensors.
    var safetensorsRank: Int {
        switch self {
        case .bool: 0
        case .uint8: 1
        case .int8: 2
        case .int16: 3
        case .uint16: 4
        case .float16: 5
        case .bfloat16: 6
        case .int32: 7
        case .uint32: 8
        case .float32: 9
        case .float64: 10
        case .int64: 11
        case .uint64: 12
        }
    }
}
