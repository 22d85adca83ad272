import API
import Testing
import TestSupport

@Suite struct DecimalNumberTests {
    @Test(
        arguments: [
            ("0", 0), ("10", 10), ("-3", -3), ("9223372036854775807", Int.max), ("9223372036854775808", nil),
            ("+10", nil),
            ("010", nil), (" 1", nil), ("1 ", nil), ("", nil), ("-", nil), ("-0", nil), ("00", nil), ("1e3", nil),
            ("0x1", nil), ("\u{0661}", nil),
        ] as [(String, Int?)]) func thereIsOneWayToWriteEach(text: String, number: Int?)
    {
        #expect(StrictInteger.parse(text) == number)
    }

    /// A text is read exactly when it is how its number is written.
    @Test(arguments: UInt64(0)..<20)
    func whatIsReadWritesItselfTheSame(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let text = String(
                (0..<generator.below(4)).map { _ in "0123456789-+ .".randomElement(using: &generator) ?? "0" })
            let number = StrictInteger.parse(text)
            #expect(
                number.map(String.init) == (Int(text).map(String.init) == text ? text : nil), "seed \(seed): \(text)")
        }
    }
}
