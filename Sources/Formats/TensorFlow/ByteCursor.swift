/// Reads bytes one after the other; never past the end.
struct ByteCursor {
    private let bytes: [UInt8]
    private(set) var offset: Int
    private let end: Int

    /// A cursor over all bytes or some of them.
    init(_ bytes: [UInt8], _ range: Range<Int>? = nil) {
        self.bytes = bytes
        offset = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
    }

    /// Whether nothing is left.
    var isAtEnd: Bool { offset >= end }

    /// The next bytes; throws `truncated` when fewer are left.
    mutating func bytes(_ count: Int) throws(FormatError) -> [UInt8] {
        guard count >= 0, count <= end - offset else {
            throw FormatError(.truncated, "is truncated: \(count) bytes are announced and \(end - offset) left")
        }
        defer { offset += count }
        return Array(bytes[offset..<(offset + count)])
    }

    /// A number in groups of seven bits, the lowest first. Throws `truncated`, and `malformed` for more than 64 bits.
    mutating func varint() throws(FormatError) -> UInt64 {
        var value: UInt64 = 0
        for group in 0..<10 as Range<UInt64> {
            guard offset < end else { throw FormatError(.truncated, "is truncated inside a number") }
            let byte = bytes[offset]
            offset += 1
            guard group < 9 || byte <= 1 else { break }
            value |= UInt64(byte & 0x7F) << (7 * group)
            if byte & 0x80 == 0 { return value }
        }
        throw FormatError(.malformed, "has a number of more than 64 bits")
    }

    /// A number that counts bytes or elements; throws `tooLarge` where it cannot.
    mutating func length() throws(FormatError) -> Int {
        let value = try varint()
        guard let length = Int(exactly: value) else { throw FormatError(.tooLarge, "announces \(value) bytes") }
        return length
    }
}
