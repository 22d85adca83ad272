import Crypto
import Formats

/// What a request bears to say who asks (RFC 6750): `tpud_`, the token's id, `_`, and a secret of 256 random bits, both as
/// hexadecimal digits.
///
/// Of all this the daemon keeps the SHA-256 alone. A slow hash, as for passwords, would win nothing: it makes up for what
/// people choose, and nobody guesses one of 2^256 secrets at any speed; but every stranger's request would cost its time.
package struct BearerToken: Sendable {
    /// What it begins with, so that people and scanners of leaked secrets know it.
    package static let prefix = "tpud_"
    /// The digits of an id.
    static let idDigits = 8
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

    /// Its SHA-256, 32 bytes.
    package var digest: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// Whether this is the one that a digest was made of. Takes the same time wherever the two begin to differ: the equality
    /// of swift-crypto's digests does.
    package func isOf(digest: [UInt8]) -> Bool { SHA256.hash(data: Array(text.utf8)) == digest }

    /// Whether a text has the form of an id.
    static func isID(_ text: some StringProtocol) -> Bool { isHexadecimal(text, digits: idDigits) }

    /// Whether a text is so many hexadecimal digits, in small letters.
    static func isHexadecimal(_ text: some StringProtocol, digits: Int) -> Bool {
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
