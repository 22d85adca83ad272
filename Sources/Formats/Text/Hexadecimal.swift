/// Numbers and bytes in hexadecimal digits: lower-case unless said otherwise.
package enum Hexadecimal {
    /// Two digits for each byte: a digest of 32 bytes gives 64.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        for byte in bytes { append(byte, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The number in at least so many digits, with zeros in front.
    package static func text(_ number: some UnsignedInteger, digits: Int = 1, uppercase: Bool = false) -> String {
        let text = String(number, radix: 16, uppercase: uppercase)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    /// Adds the two digits of a byte to a text.
    package static func append(_ byte: UInt8, to text: inout [UInt8], uppercase: Bool = false) {
        text.append(digit(byte >> 4, uppercase: uppercase))
        text.append(digit(byte & 15, uppercase: uppercase))
    }

    /// The value of a digit in either case; nil for any other character.
    package static func value(ofDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The digit of a value below 16.
    private static func digit(_ value: UInt8, uppercase: Bool) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: uppercase ? "A" : "a") + value - 10
    }
}
