import Formats
import TestSupport
import Testing

@Suite struct DecimalNumberTests {
    private func bytes(_ text: String) -> ArraySlice<UInt8> { ArraySlice(text.utf8) }

    static let floats: [(String, Float?)] = [
        ("0", 0), ("-0", -0.0), ("+1", 1), (" 2.5\t", 2.5), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E-3", 0.001),
        ("16777217", 16_777_216), ("3.4028235e38", .greatestFiniteMagnitude), ("1e39", nil), ("1e-60", 0),
        ("", nil), (" ", nil), (".", nil), ("+", nil), ("1 2", nil), ("1e", nil),
        ("1e+", nil),
        ("nan", nil), ("inf", nil), ("0x10", nil), ("1,5", nil), ("--1", nil), ("1_000", nil), ("\u{0661}", nil),
    ]

    @Test(arguments: floats) func readsFloats(text: String, value: Float?) {
        #expect(DecimalNumber.float(bytes(text)) == value)
    }

    static let wholes: [(String, Int64?, Int64?)] = [
        ("7", 7, 7), ("-7", -7, -7), ("+7", 7, 7), ("7.0", nil, 7), ("70e-1", nil, 7), ("7.5", nil, nil),
        ("7e1", nil, 70),
        ("9223372036854775807", .max, .max), ("9223372036854775808", nil, nil), ("-9223372036854775808", .min, .min),
        ("9223372036854775807.0", nil, .max), ("x", nil, nil), ("", nil, nil),
    ]

    /// The number of a class may be written with a fraction of zeros, a label that decides on a type may not.
    @Test(arguments: wholes) func readsWholeNumbers(text: String, plain: Int64?, whole: Int64?) {
        #expect(DecimalNumber.int64(bytes(text)) == plain)
        #expect(DecimalNumber.whole(bytes(text)) == whole)
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func roundsAsTheStandardLibraryDoes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            let digits = String(UInt32.random(in: 0 ... .max, using: &random)).prefix(1 + random.below(9))
            let point = 1 + random.below(digits.count)
            var text = String(digits.prefix(point)) + "." + digits.dropFirst(point)
            if random.below(2) == 0 { text += "e\(random.below(31) - 15)" }
            #expect(DecimalNumber.float(ArraySlice(text.utf8)) == Float(text), "\(text), seed \(seed)")
        }
    }
}
