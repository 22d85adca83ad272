/// Numbers as text tables write them: an optional sign, digits, a point, an exponent; spaces around. No words, no
/// hexadecimal.
package enum DecimalNumber {
    /// The nearest float32; nil for anything that is not a finite number of one.
    package static func float(_ field: ArraySlice<UInt8>) -> Float? {
        guard let number = parts(field) else { return nil }
        // Below 2^24 the digits, and up to 10^10 the power, are exact in float32: one division rounds correctly.
        if number.digitCount <= 7, number.mantissa < 1 << 24, -10...10 ~= number.exponent {
            let mantissa = Float(number.mantissa)
            let power = powers[Int(number.exponent.magnitude)]
            let magnitude = number.exponent < 0 ? mantissa / power : mantissa * power
            return number.negative ? -magnitude : magnitude
        }
        guard let value = Float(String(decoding: number.text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// The whole number, when the text is a sign and digits and nothing else.
    package static func int64(_ field: ArraySlice<UInt8>) -> Int64? {
        guard let number = parts(field), number.isWhole else { return nil }
        return Int64(String(decoding: number.text, as: UTF8.self))
    }

    /// The whole number, also when it is written with a fraction of zeros or an exponent: `3`, `3.0`, `3e0`.
    package static func whole(_ field: ArraySlice<UInt8>) -> Int64? {
        guard let number = parts(field) else { return nil }
        let text = String(decoding: number.text, as: UTF8.self)
        return number.isWhole ? Int64(text) : JSONNumber(checked: text).int.map { Int64($0) }
    }

    private static let powers: [Float] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10]

    private struct Parts {
        var text: ArraySlice<UInt8>
        var negative = false
        var mantissa: UInt64 = 0
        var digitCount = 0
        var exponent = 0
        var isWhole = true
    }

    /// Holds the text against the grammar; the mantissa is only meant when `digitCount` is small.
    private static func parts(_ field: ArraySlice<UInt8>) -> Parts? {
        var text = field
        while let byte = text.first, byte == 0x20 || byte == 0x09 { text.removeFirst() }
        while let byte = text.last, byte == 0x20 || byte == 0x09 { text.removeLast() }
        var number = Parts(text: text)
        var rest = text
        func digits(_ body: (UInt64) -> Void) -> Bool {
            let before = rest.count
            while let byte = rest.first, byte &- 0x30 < 10 {
                body(UInt64(byte &- 0x30))
                rest.removeFirst()
            }
            return rest.count < before
        }
        func mantissaDigit(_ digit: UInt64) {
            number.mantissa = number.mantissa &* 10 &+ digit
            if number.digitCount > 0 || digit > 0 { number.digitCount += 1 }
        }
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            number.negative = sign == UInt8(ascii: "-")
            rest.removeFirst()
        }
        var any = digits(mantissaDigit)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            number.isWhole = false
            let before = rest.count
            if digits(mantissaDigit) { any = true }
            number.exponent = rest.count - before
        }
        guard any else { return nil }
        if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
            rest.removeFirst()
            number.isWhole = false
            var negative = false
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                negative = sign == UInt8(ascii: "-")
                rest.removeFirst()
            }
            var written = 0
            guard digits({ written = min(written * 10 + Int($0), 1 << 20) }) else { return nil }
            number.exponent += negative ? -written : written
        }
        return rest.isEmpty ? number : nil
    }
}
