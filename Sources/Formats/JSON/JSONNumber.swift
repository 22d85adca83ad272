/// A JSON number by its characters (RFC 8259 section 6), converted exactly or not at all.
package struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// The number's characters, as they are in the text.
    package let lexeme: String

    /// Takes characters that the parser has already held against the grammar.
    init(checked lexeme: String) {
        self.lexeme = lexeme
    }

    /// A whole number.
    package init(_ value: some BinaryInteger) {
        lexeme = String(value)
    }

    /// The shortest characters that read back as this double; nil when it is not finite.
    package init?(_ value: Double) {
        guard value.isFinite else { return nil }
        lexeme = value.description
    }

    /// The characters.
    package var description: String { lexeme }

    /// The nearest double; nil when the number is past a double's range.
    package var double: Double? {
        guard let value = Double(lexeme), value.isFinite else { return nil }
        return value
    }

    /// The exact value when it is a whole number that fits, whatever its form: `128`, `128.0`, `1.28e2`.
    package var int: Int? { exact() }

    /// The exact value as an unsigned number, by the rule of ``int``.
    package var uint64: UInt64? { exact() }

    private func exact<Value: FixedWidthInteger>() -> Value? {
        if let value = Value(lexeme) { return value }
        guard let decimal = WholeDecimal(lexeme) else { return nil }
        return decimal.value()
    }
}

/// The digits of a number without its point, and the power of ten that belongs to them.
private struct WholeDecimal {
    private var negative = false
    private var digits: [UInt8] = []
    private var exponent = 0

    /// Nil when the number has a fraction other than zero.
    init?(_ lexeme: String) {
        var written = 0
        var exponentNegative = false
        var part = Part.integer
        for byte in lexeme.utf8 {
            switch byte {
            case UInt8(ascii: "-"):
                if part == .exponent { exponentNegative = true } else { negative = true }
            case UInt8(ascii: "+"): continue
            case UInt8(ascii: "."): part = .fraction
            case UInt8(ascii: "e"), UInt8(ascii: "E"): part = .exponent
            default:
                let digit = byte &- UInt8(ascii: "0")
                if part == .exponent {
                    // No number of a JSON text has so many digits that a larger exponent could matter.
                    written = min(written * 10 + Int(digit), 1 << 40)
                } else {
                    digits.append(digit)
                    if part == .fraction { exponent -= 1 }
                }
            }
        }
        exponent += exponentNegative ? -written : written
        while exponent < 0, digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        if digits.allSatisfy({ $0 == 0 }) {
            digits = []
            exponent = 0
        }
        if exponent < 0 { return nil }
    }

    private enum Part { case integer, fraction, exponent }

    func value<Value: FixedWidthInteger>() -> Value? {
        var value: Value = 0
        func append(_ digit: UInt8) -> Bool {
            let (shifted, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow) =
                negative
                ? shifted.subtractingReportingOverflow(Value(digit)) : shifted.addingReportingOverflow(Value(digit))
            value = sum
            return !tooLarge && !overflow
        }
        for digit in digits where !append(digit) { return nil }
        guard !digits.isEmpty else { return value }
        for _ in 0..<min(exponent, 64) where !append(0) { return nil }
        return value
    }
}
