import HTTP
import TestSupport
import Testing

@Suite struct ByteClassTests {
    private static func set(_ text: String) -> Set<UInt8> { Set(text.utf8) }

    private static let letters = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    private static let digits = set("0123456789")

    /// Each byte is in each set exactly when the RFC's list has it.
    @Test func theSetsAreThoseOfTheRFCs() {
        let unreserved = Self.letters.union(Self.digits).union(Self.set("-._~"))
        let subDelims = Self.set("!$&'()*+,;=")
        let tokens = Self.letters.union(Self.digits).union(Self.set("!#$%&'*+-.^_`|~"))
        let targets = unreserved.union(subDelims).union(Self.set(":/?[]@%"))
        for byte in UInt8.min...UInt8.max {
            #expect(ByteClass.isToken(byte) == tokens.contains(byte), "\(byte)")
            #expect(ByteClass.isTarget(byte) == targets.contains(byte), "\(byte)")
            #expect(ByteClass.isRegisteredName(byte) == unreserved.union(subDelims).contains(byte), "\(byte)")
            #expect(ByteClass.isFieldValue(byte) == (byte == 9 || (byte >= 0x20 && byte != 0x7f)), "\(byte)")
            #expect(ByteClass.isDigit(byte) == Self.digits.contains(byte), "\(byte)")
            #expect(ByteClass.lowercased(byte) == (0x41...0x5a ~= byte ? byte + 32 : byte), "\(byte)")
            let digit = byte < 128 ? Character(Unicode.Scalar(byte)).hexDigitValue : nil
            #expect(ByteClass.hexValue(byte).map { Int($0) } == digit, "\(byte)")
        }
    }

    @Test(arguments: [
        ("Chunked", true), ("chunked", true), ("chunke", false), ("chunkedx", false), ("chunke\u{4}", false),
    ])
    func wordsAreEqualInEitherCase(text: String, isEqual: Bool) {
        let bytes = Array(text.utf8)
        #expect(bytes.span.equals("chunked", in: 0..<bytes.count) == isEqual)
    }

    @Test(arguments: [
        ("a, b,c", ["a", "b", "c"]), (" a\t", ["a"]), (",,", ["", "", ""]), ("", [""]), ("a b, c ", ["a b", "c"]),
    ])
    func listsAreCutAtCommasAndTrimmed(text: String, elements: [String]) {
        let bytes = Array(text.utf8)
        var found: [String] = []
        bytes.span.forEachElement(of: 0..<bytes.count) { found.append(String(decoding: bytes[$0], as: UTF8.self)) }
        #expect(found == elements)
    }
}
