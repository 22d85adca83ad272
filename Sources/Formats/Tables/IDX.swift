/// The IDX format of the MNIST files: two zero bytes, a type byte, the number of dimensions, the dimensions as
/// big-endian 32-bit numbers, the elements in big-endian order. A file may be compressed with gzip.
package struct IDXHeader: Sendable, Hashable {
    /// The elements' type.
    package let type: ElementType
    /// The dimensions; the first counts records.
    package let shape: [Int]
    /// Bytes of all elements.
    package let dataSize: Int

    /// More dimensions than any data set has are a sign of another format.
    package static let maximumDimensions = 16

    /// Reads the header from the stream's start.
    package init(_ stream: ByteStream) throws(FormatError) {
        let magic = try stream.next(4)
        let isIDX = magic.count == 4 && magic[0] == 0 && magic[1] == 0 && IDXHeader.types[magic[2]] != nil
        if !isIDX, let kind = FileKind(magic + (try stream.next(FileKind.prefixSize - magic.count))), kind != .idx {
            throw kind.mismatch(expected: "an IDX file")
        }
        guard magic.count == 4 else {
            throw FormatError(.truncated, "is truncated: an IDX file begins with 4 bytes, but there are \(magic.count)")
        }
        guard magic[0] == 0, magic[1] == 0, let type = IDXHeader.types[magic[2]] else {
            let found = magic.map { Hexadecimal.text($0, digits: 2) }.joined(separator: " ")
            throw FormatError(.malformed, "is not an IDX file: it begins with the bytes \(found)")
        }
        let rank = Int(magic[3])
        guard 1...IDXHeader.maximumDimensions ~= rank else {
            throw FormatError(
                .malformed, "has \(rank) dimensions, but an IDX file has 1 to \(IDXHeader.maximumDimensions)")
        }
        let bytes = try stream.next(4 * rank)
        guard bytes.count == 4 * rank else {
            throw FormatError(
                .truncated,
                "is truncated: an IDX header of \(rank) dimensions has \(4 + 4 * rank) bytes, but there are \(4 + bytes.count)"
            )
        }
        shape = (0..<rank).map { index in
            bytes[(4 * index)..<(4 * index + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        guard let size = type.bytes(ofShape: shape) else {
            throw FormatError(.malformed, "has a header whose dimensions \(shape) overflow")
        }
        self.type = type
        dataSize = size
    }

    private static let types: [UInt8: ElementType] = [
        0x08: .uint8, 0x09: .int8, 0x0B: .int16, 0x0C: .int32, 0x0D: .float32, 0x0E: .float64,
    ]
}

/// Reading whole IDX files.
package enum IDX {
    /// Holds the file's length against its header without keeping the elements; a compressed file is read through, as
    /// its length and checksum show only at its end. Throws what ``read(_:limit:)`` would.
    package static func check(_ file: consuming OpenFile, limit: Int = .max) throws(FormatError) -> IDXHeader {
        let stream = try ByteStream(file)
        let header = try header(stream, limit)
        try end(try stream.skip(header.dataSize), header, stream)
        return header
    }

    /// Reads the file; `limit` bounds the bytes of its elements (default none).
    package static func read(_ file: consuming OpenFile, limit: Int = .max) throws(FormatError) -> NDArray {
        let stream = try ByteStream(file)
        let header = try header(stream, limit)
        var bytes = try stream.next(header.dataSize)
        try end(bytes.count, header, stream)
        swapBytes(&bytes, width: header.type.size)
        return try NDArray(type: header.type, shape: header.shape, bytes: bytes)
    }

    private static func header(_ stream: ByteStream, _ limit: Int) throws(FormatError) -> IDXHeader {
        let header = try IDXHeader(stream)
        guard header.dataSize <= limit else {
            throw FormatError(.tooLarge, "holds \(header.dataSize) bytes, more than the limit of \(limit)")
        }
        return header
    }

    private static func end(_ found: Int, _ header: IDXHeader, _ stream: ByteStream) throws(FormatError) {
        let announced = "its header announces \(header.type) \(header.shape), which is \(header.dataSize) bytes"
        guard found == header.dataSize else {
            throw FormatError(.truncated, "is truncated: \(announced), but \(found) follow")
        }
        guard try stream.skip(1) == 0 else {
            throw FormatError(.malformed, "is too long: \(announced), but more follow")
        }
    }

    private static func swapBytes(_ bytes: inout [UInt8], width: Int) {
        bytes.withUnsafeMutableBytes { buffer in
            switch width {
            case 2: for index in buffer.bindMemory(to: UInt16.self).indices { swap(buffer, UInt16.self, index) }
            case 4: for index in buffer.bindMemory(to: UInt32.self).indices { swap(buffer, UInt32.self, index) }
            case 8: for index in buffer.bindMemory(to: UInt64.self).indices { swap(buffer, UInt64.self, index) }
            default: break
            }
        }
    }

    private static func swap<Word: FixedWidthInteger>(
        _ buffer: UnsafeMutableRawBufferPointer, _ type: Word.Type, _ index: Int
    ) {
        let words = buffer.assumingMemoryBound(to: type)
        words[index] = words[index].byteSwapped
    }
}
