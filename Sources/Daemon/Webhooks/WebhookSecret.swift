import Crypto
import FoundationEssentials

/// What webhooks are signed with, so that their receivers know that they are of this daemon: one key, or several while one is
/// being replaced by another. Each is `whsec_` and the base64 of 24 to 64 bytes, as Standard Webhooks has it.
package struct WebhookSecret: Sendable {
    /// What is wrong with the text of a file of them: the end of a sentence whose subject is the file. It never tells what was
    /// found.
    package struct Fault: Error, Equatable, Sendable {
        /// What is expected.
        package let detail: String
    }

    /// What a key begins with, so that people and scanners of leaked secrets know it.
    package static let prefix = "whsec_"
    /// The bytes that a key may have.
    package static let bytes = 24...64
    /// Keys that a file may have: the present one and one or two of before.
    package static let mostKeys = 4

    private let keys: [SymmetricKey]

    /// How many keys there are.
    package var count: Int { keys.count }

    /// Reads the text of a file: a key on each line, the newest first. Empty lines and those that begin with `#` are passed over.
    package init(_ text: String) throws(Fault) {
        var keys: [SymmetricKey] = []
        for line in text.split(whereSeparator: \.isNewline) where !line.isEmpty && !line.hasPrefix("#") {
            let data =
                line.hasPrefix(Self.prefix) ? Data(base64Encoded: String(line.dropFirst(Self.prefix.count))) : nil
            guard let data, Self.bytes.contains(data.count) else {
                throw Fault(
                    detail: "must have on each line whsec_ and the base64 of 24 to 64 bytes, as "
                        + "`echo whsec_$(openssl rand -base64 32)` prints it")
            }
            keys.append(SymmetricKey(data: data))
        }
        guard !keys.isEmpty, keys.count <= Self.mostKeys else {
            throw Fault(detail: "must have 1 to \(Self.mostKeys) keys, not \(keys.count)")
        }
        self.keys = keys
    }

    /// The text of a new one, of 32 random bytes.
    package static func text(using generator: inout some RandomNumberGenerator) -> String {
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return prefix + Data(bytes).base64EncodedString()
    }

    /// The value of `webhook-signature`: for each key `v1,` and the base64 of the HMAC-SHA256 of id, timestamp and body with
    /// dots between them, with blanks between one and the next.
    package func signature(id: String, timestamp: Int, body: [UInt8]) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        return keys.map { key in
            "v1," + Data(HMAC<SHA256>.authenticationCode(for: signed, using: key)).base64EncodedString()
        }.joined(separator: " ")
    }
}

extension WebhookSecret: CustomStringConvertible, CustomReflectable {
    /// How many keys there are, and nothing of them.
    package var description: String { "\(count) keys" }

    /// Nothing of the keys, where its members are printed.
    package var customMirror: Mirror { Mirror(self, children: ["count": count]) }
}
