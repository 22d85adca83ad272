import OrderedCollections

extension JSON {
    /// The value's text in UTF-8: the same bytes for the same value, members in their order, numbers as written.
    ///
    /// Compact by default; pretty with two spaces for each level and one member a line. Only what must be escaped is
    /// (RFC 8259 section 7).
    package func serialized(pretty: Bool = false) -> [UInt8] {
        var bytes: [UInt8] = []
        write(into: &bytes, pretty: pretty)
        return bytes
    }

    /// The value's compact text.
    package var text: String { String(decoding: serialized(), as: UTF8.self) }

    /// Appends the value's text.
    package func write(into bytes: inout [UInt8], pretty: Bool = false, level: Int = 0) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let value): bytes.append(contentsOf: value.lexeme.utf8)
        case .string(let value): JSON.write(value, into: &bytes)
        case .array(let elements):
            // A list of plain values stays on one line: shapes and weights are read across.
            let pretty = pretty && elements.contains { $0.array != nil || $0.object != nil }
            bytes.append(UInt8(ascii: "["))
            for (place, element) in elements.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                if pretty { JSON.newLine(level + 1, into: &bytes) }
                element.write(into: &bytes, pretty: pretty, level: level + 1)
            }
            if pretty { JSON.newLine(level, into: &bytes) }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (place, member) in members.enumerated() {
                if place > 0 { bytes.append(UInt8(ascii: ",")) }
                if pretty { JSON.newLine(level + 1, into: &bytes) }
                JSON.write(member.key, into: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if pretty { bytes.append(UInt8(ascii: " ")) }
                member.value.write(into: &bytes, pretty: pretty, level: level + 1)
            }
            if pretty, !members.isEmpty { JSON.newLine(level, into: &bytes) }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func newLine(_ level: Int, into bytes: inout [UInt8]) {
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: 2 * level))
    }

    private static func write(_ string: String, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        // Hardly any string has a character to escape: such a one is copied as a whole.
        if string.utf8.contains(where: mustBeEscaped) {
            for byte in string.utf8 { writeEscaped(byte, into: &bytes) }
        } else {
            bytes.append(contentsOf: string.utf8)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func mustBeEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private static func writeEscaped(_ byte: UInt8, into bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(byte)
        case 0x0A: bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: bytes.append(contentsOf: "\\r".utf8)
        case 0x09: bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20:
            bytes.append(contentsOf: "\\u00".utf8)
            Hexadecimal.append(byte, to: &bytes)
        default: bytes.append(byte)
        }
    }
}

extension JSON: CustomStringConvertible {
    /// The compact text.
    package var description: String { text }
}
