/// One field line (RFC 9112 section 5): `name: value CRLF`.
package enum FieldLine {
    /// The line at `start`, which is not empty: its ranges and the index after its end; nil when it is not all there.
    /// - Throws: `HTTPError` for what is not a field line, folded lines included, and for one over `limit` bytes.
    package static func parse(
        _ bytes: Span<UInt8>, from start: Int, limit: Int
    ) throws(HTTPError) -> (field: FieldRange, next: Int)? {
        var index = start
        while index < bytes.count, ByteClass.isToken(bytes[index]) { index += 1 }
        guard index - start <= limit else { throw tooLong(limit) }
        guard index < bytes.count else { return nil }
        guard bytes[index] == 0x3a, index > start else { throw badName(bytes[index], first: index == start) }
        let nameEnd = index
        index += 1
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
        let valueStart = index
        while index < bytes.count, ByteClass.isFieldValue(bytes[index]) { index += 1 }
        guard index - start <= limit else { throw tooLong(limit) }
        guard index < bytes.count else { return nil }
        guard bytes[index] == 0x0d else {
            throw HTTPError(
                .malformedRequest,
                bytes[index] == 0x0a
                    ? "a line ends with a line feed alone"
                    : "byte 0x\(String(bytes[index], radix: 16)) is not allowed in a field's value")
        }
        guard index + 1 < bytes.count else { return nil }
        guard bytes[index + 1] == 0x0a else { throw HeadParser.bareCarriageReturn }
        var valueEnd = index
        while valueEnd > valueStart, bytes[valueEnd - 1] == 0x20 || bytes[valueEnd - 1] == 0x09 { valueEnd -= 1 }
        let field = FieldRange(
            nameStart: Int32(start), nameEnd: Int32(nameEnd), valueStart: Int32(valueStart), valueEnd: Int32(valueEnd))
        return (field, index + 2)
    }

    private static func tooLong(_ limit: Int) -> HTTPError {
        HTTPError(.fieldsTooLarge, "a field line has at most \(limit) bytes")
    }

    private static func badName(_ byte: UInt8, first: Bool) -> HTTPError {
        let detail =
            switch byte {
            case 0x20, 0x09:
                first ? "a field line is folded or begins with a space" : "a field name has a space in or after it"
            case 0x3a: "a field has no name"
            case 0x0a: "a line ends with a line feed alone"
            case 0x0d: "a field line has no colon"
            default: "byte 0x\(String(byte, radix: 16)) is not allowed in a field name"
            }
        return HTTPError(.malformedRequest, detail)
    }
}
