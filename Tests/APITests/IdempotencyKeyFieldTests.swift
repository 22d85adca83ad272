import API
import Testing

@Suite struct IdempotencyKeyFieldTests {
    @Test(
        arguments: [
            ("k", true), ("!~", true), (String(repeating: "x", count: 255), true), ("", false), ("a b", false),
            (String(repeating: "x", count: 256), false), ("\u{e9}", false), ("a\t", false), ("\u{7f}", false),
        ]) func visibleASCIIIsAKey(text: String, isKey: Bool)
    {
        #expect(IdempotencyKeyField.isKey(text) == isKey, "\(text.debugDescription)")
    }
}
