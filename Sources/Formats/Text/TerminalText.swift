/// Text that came from elsewhere (a job's name, a server's message, a log), made safe to show on a terminal: characters
/// that move the cursor, change colours or the title, or reverse the reading order are shown as JSON writes them
/// (`\u001b`), so that what is read is what is there.
///
/// A value of this type does so for a stream, whose pieces may cut a character in two.
package struct TerminalText {
    /// The bytes of a character that has begun and not ended.
    private var rest: [UInt8] = []

    /// A stream at its beginning.
    package init() {}

    /// Whether a character is shown by its code: C0, DEL and C1 controls, and the marks, embeddings, overrides and
    /// isolates of Unicode's bidirectional algorithm (UAX 9), line and paragraph separators.
    package static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// The text with such characters shown by their codes. `keepingLines` lets line feeds and tabs be what they are.
    package static func escaped(_ text: String, keepingLines: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: isEscaped) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !isEscaped(scalar) || (keepingLines && (scalar == "\n" || scalar == "\t")) {
                shown.append(scalar)
            } else {
                shown.append(contentsOf: "\\u\(Hexadecimal.text(scalar.value, digits: 4))".unicodeScalars)
            }
        }
        return String(shown)
    }

    /// The next piece of a stream of UTF-8, lines kept; what is not UTF-8 becomes U+FFFD. A character that the piece cuts
    /// is shown with the next one.
    package mutating func escape(_ piece: some Sequence<UInt8>) -> String {
        rest.append(contentsOf: piece)
        let whole = rest.count - Self.cutBytes(at: rest)
        let text = String(decoding: rest[..<whole], as: UTF8.self)
        rest.removeSubrange(..<whole)
        return Self.escaped(text, keepingLines: true)
    }

    /// What is left when the stream has ended: U+FFFD where it ends inside of a character, else nothing.
    package mutating func end() -> String {
        defer { rest = [] }
        return String(decoding: rest, as: UTF8.self)
    }

    /// How many bytes at the end begin a character that is longer (RFC 3629 section 3); 0 to 3.
    private static func cutBytes(at bytes: [UInt8]) -> Int {
        for count in 1...3 where count <= bytes.count {
            let byte = bytes[bytes.count - count]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > count ? count : 0
        }
        return 0
    }
}
