import Formats

/// What a request bears to say who asks (RFC 6750): `tpud_`, the token's id, `_`, and a secret of 256 random bits, both as
/// hexadecimal digits.
package struct BearerToken: Sendable {
    /// What it begins with, so that people and scanners of leaked secrets know it.
    package static let prefix = "tpud_"
    /// The digits of an id.
    package static let idDigits = 8
    private static let secretDigits = 64

    /// Names it in the file, in lists and in logs; not a secret.
    package let id: String
    /// The whole of it: never logged, never in a message.
    package let text: String

    /// A new one.
    package init(using generator: inout some RandomNumberGenerator) {
        id = Hexadecimal.text(UInt32.random(in: .min ... .max, using: &generator), digits: Self.idDigits)
        let words = (0..<4).map { _ in UInt64.random(in: .min ... .max, using: &generator) }
        text = "\(Self.prefix)\(id)_" + words.map { Hexadecimal.text($0, digits: 16) }.joined()
    }

    /// Reads one; nil when `text` does not have the form.
    package init?(_ text: some StringProtocol) {
        let parts = text.dropFirst(Self.prefix.count).split(separator: "_", omittingEmptySubsequences: false)
        guard text.hasPrefix(Self.prefix), parts.count == 2, Self.isID(parts[0]),
            Self.isHexadecimal(parts[1], digits: Self.secretDigits)
        else { return nil }
        id = String(parts[0])
        self.text = String(text)
    }

    /// Reads the value of Authorization: the scheme Bearer in either case (RFC 9110 section 11.1), spaces, a token; nil for
    /// anything else.
    package init?(authorization field: String) {
        guard field.prefix(7).lowercased() == "bearer " else { return nil }
        self.init(field.dropFirst(7).drop { $0 == " " })
    }

    /// Whether a text has the form of an id.
    package static func isID(_ text: some StringProtocol) -> Bool { isHexadecimal(text, digits: idDigits) }

    /// Whether a text is so many hexadecimal digits, in small letters.
    package static func isHexadecimal(_ text: some StringProtocol, digits: Int) -> Bool {
        text.utf8.count == digits
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

extension BearerToken: CustomStringConvertible, CustomReflectable {
    /// Its id alone: what is printed by mistake tells no secret.
    package var description: String { "token \(id)" }

    /// Its id alone, where its members are printed.
    package var customMirror: Mirror { Mirror(self, children: ["id": id]) }
}
