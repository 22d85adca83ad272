/// Reads the records of a TFRecord file, as it is or compressed with gzip: each is a length of 8 bytes, the length's
/// masked CRC32C, the bytes, their masked CRC32C.
package final class TFRecordReader {
    private let stream: ByteStream
    private let limit: Int
    private var number = 0

    /// A reader from the file's start.
    ///
    /// - Parameter limit: bytes that one record may have. Default 1 GiB.
    package init(_ file: consuming OpenFile, limit: Int = 1 << 30) throws(FormatError) {
        stream = try ByteStream(file)
        self.limit = limit
    }

    /// The next record; nil behind the last. Throws `truncated` when the file ends inside a record, `malformed` when a
    /// checksum is another, `tooLarge` past the limit.
    package func next() throws(FormatError) -> [UInt8]? {
        let head = try stream.next(12)
        guard !head.isEmpty else { return nil }
        guard head.count == 12 else { throw truncated() }
        let length = LittleEndian.uint64(head, at: 0)
        guard CRC32C(head[..<8]).masked == LittleEndian.uint32(head, at: 8) else {
            throw FormatError(
                .malformed,
                "is not a TFRecord file, or is damaged: the checksum of record \(number)'s length is another")
        }
        guard length <= UInt64(limit) else {
            throw FormatError(
                .tooLarge, "has a record of \(length) bytes (number \(number)), more than the limit of \(limit)")
        }
        let count = Int(length)
        let body = try stream.next(count + 4)
        guard body.count == count + 4 else { throw truncated() }
        guard CRC32C(body[..<count]).masked == LittleEndian.uint32(body, at: count) else {
            throw FormatError(.malformed, "is damaged: the checksum of record \(number) is another")
        }
        number += 1
        return Array(body[..<count])
    }

    /// All records that are left.
    package func all() throws(FormatError) -> [[UInt8]] {
        var records: [[UInt8]] = []
        while let record = try next() { records.append(record) }
        return records
    }

    private func truncated() -> FormatError {
        FormatError(.truncated, "is truncated: it ends inside record \(number)")
    }
}
