import OrderedCollections

/// A safetensors file whose header has been read and whose tensors are read when asked for.
package final class SafetensorsFile: Sendable {
    /// What there is.
    package let header: SafetensorsHeader
    private let file: OpenFile

    /// Opens a file and reads its header; see ``SafetensorsHeader`` for what is refused.
    package convenience init(path: String) throws(FormatError) {
        try self.init(try OpenFile(path: path))
    }

    /// Takes an open file and reads its header.
    package init(_ file: consuming OpenFile) throws(FormatError) {
        let prefix = try file.bytes(at: 0, count: FileKind.prefixSize)
        if let kind = FileKind(prefix), kind != .safetensors { throw kind.mismatch(expected: "a safetensors file") }
        let length = try SafetensorsHeader.length(Array(prefix.prefix(8)), fileSize: file.size)
        header = try SafetensorsHeader(json: file.bytes(at: 8, count: length), fileSize: file.size)
        self.file = file
    }

    /// The tensor of that name; nil when there is none. Throws when the file has become shorter or can't be read.
    package func tensor(_ name: String) throws(FormatError) -> NDArray? {
        guard let entry = header.entries[name] else { return nil }
        let bytes = try file.bytes(at: header.dataOffset + entry.range.lowerBound, count: entry.range.count)
        guard bytes.count == entry.range.count else {
            throw FormatError(.truncated, "The file has become shorter while it was read")
        }
        return try NDArray(type: entry.type, shape: entry.shape, bytes: bytes)
    }

    /// All tensors and the metadata.
    package func all() throws(FormatError) -> Safetensors {
        var result = Safetensors(metadata: header.metadata)
        for name in header.entries.keys { result.tensors[name] = try tensor(name) }
        return result
    }
}
