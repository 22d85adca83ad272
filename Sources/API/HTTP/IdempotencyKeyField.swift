/// What a client may give as Idempotency-Key.
package enum IdempotencyKeyField {
    /// Whether a text is a key: 1 to 255 visible ASCII characters.
    package static func isKey(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
