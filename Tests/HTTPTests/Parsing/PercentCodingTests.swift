import HTTP
import TestSupport
import Testing

@Suite struct PercentCodingTests {
    @Test(arguments: [("a%2Fb", "a/b"), ("%41", "A"), ("+", "+"), ("%e2%82%ac", "€"), ("", ""), ("%25%32", "%2")])
    func decodes(text: String, expected: String) {
        #expect(PercentCoding.decoded(Array(text.utf8)[...]) == expected)
    }

    @Test func aPlusIsASpaceInAForm() {
        #expect(PercentCoding.decoded(Array("a+b%2B".utf8)[...], plusIsSpace: true) == "a b+")
    }

    @Test(arguments: ["%", "%4", "%zz", "%ff", "a%", "%c3", "%-1", "% 1"])
    func refusesWhatIsBroken(text: String) { #expect(PercentCoding.decoded(Array(text.utf8)[...]) == nil) }

    /// Whatever text is encoded, in part or whole, comes back.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func whatIsEncodedComesBack(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let text = String(
                (0..<random.below(20)).map { _ in "aé€😀 /%+&=~\u{0}".randomElement(using: &random) ?? "a" })
            let encoded = text.utf8.flatMap { byte -> [UInt8] in
                guard byte == 0x25 || random.below(2) == 0 else { return [byte] }
                let digits = Array(String(Int(byte), radix: 16, uppercase: random.below(2) == 0).utf8)
                return [0x25] + (digits.count == 1 ? [0x30] : []) + digits
            }
            #expect(PercentCoding.decoded(encoded[...]) == text, "seed \(seed)")
        }
    }
}
