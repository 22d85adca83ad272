import Formats
import TestSupport
import Testing

@Suite struct HexadecimalTests {
    @Test func bytesHaveTwoDigitsEach() {
        #expect(Hexadecimal.text([UInt8]()) == "")
        #expect(Hexadecimal.text([0, 9, 10, 15, 16, 255] as [UInt8]) == "00090a0f10ff")
    }

    @Test(
        arguments: [
            (0, 1, false, "0"), (0, 0, false, "0"), (0x1B, 4, true, "001B"), (0x1B, 4, false, "001b"),
            (0x1F600, 4, false, "1f600"), (.max, 16, true, "FFFFFFFFFFFFFFFF"),
        ] as [(UInt64, Int, Bool, String)])
    func numbersHaveAtLeastTheDigitsAskedFor(number: UInt64, digits: Int, uppercase: Bool, text: String) {
        #expect(Hexadecimal.text(number, digits: digits, uppercase: uppercase) == text)
    }

    @Test func everyByteAsADigit() {
        let digits = Array("0123456789abcdef".utf8)
        let upper = Array("0123456789ABCDEF".utf8)
        for byte in UInt8.min ... .max {
            let value = digits.firstIndex(of: byte) ?? upper.firstIndex(of: byte)
            #expect(Hexadecimal.value(ofDigit: byte).map(Int.init) == value, "\(byte)")
        }
    }

    @Test func whatIsWrittenReadsBack() {
        let seed = UInt64.random(in: 0 ... .max)
        print("bytes of seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let bytes = (0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            for isUpper in [false, true] {
                var text: [UInt8] = []
                for byte in bytes { Hexadecimal.append(byte, to: &text, uppercase: isUpper) }
                let values = text.compactMap(Hexadecimal.value)
                #expect(values.count == text.count)
                #expect(stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] } == bytes)
                #expect(text.allSatisfy { isUpper ? !(97...102 ~= $0) : !(65...70 ~= $0) })
            }
        }
    }
}
