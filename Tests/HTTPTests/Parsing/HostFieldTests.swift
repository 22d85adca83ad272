import HTTP
import Testing

@Suite struct HostFieldTests {
    @Test(arguments: [
        ("h", true), ("", true), ("a_b.example:80", true), ("h:", true), ("[::1]:80", true), ("[::ffff:1.2.3.4]", true),
        ("a%41", true), ("a%4", false), ("a%zz", false), ("h:1:2", false), ("[::1", false), ("[]", false),
        ("a b", false), ("u@h", false), ("\"h\"", false), ("h:8x", false), ("[::1]x", false),
    ])
    func knowsAHost(text: String, isValid: Bool) {
        let bytes = Array(text.utf8)
        #expect(HostField.isValid(bytes.span, 0..<bytes.count) == isValid)
        // What is around the value does not count.
        let framed = Array("x \(text) y".utf8)
        #expect(HostField.isValid(framed.span, 2..<(framed.count - 2)) == isValid)
    }
}
