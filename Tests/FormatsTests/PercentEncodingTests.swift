import Formats
import Testing

@Suite struct PercentEncodingTests {
    @Test(
        arguments: [
            ("", ""), ("aZ09-._~", "aZ09-._~"), ("a/b?c=d&e", "a%2Fb%3Fc%3Dd%26e"), ("é x+y%", "%C3%A9%20x%2By%25"),
            ("\u{0}\u{7F}", "%00%7F"), ("😀", "%F0%9F%98%80"), ("²", "%C2%B2"),
        ]) func encodesAllButUnreserved(text: String, encoded: String)
    {
        #expect(PercentEncoding.encoded(text) == encoded)
    }

    @Test func everyCharacterOfASCII() {
        for byte in UInt8.min...0x7F {
            let text = String(UnicodeScalar(byte))
            let encoded = PercentEncoding.encoded(text)
            #expect(encoded == text || encoded == "%" + Hexadecimal.text(byte, digits: 2, uppercase: true))
            #expect((encoded == text) == (text.firstMatch(of: /[A-Za-z0-9._~-]/) != nil), "\(byte)")
        }
    }
}
