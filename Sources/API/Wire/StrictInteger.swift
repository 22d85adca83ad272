/// Whole numbers as text that has one way to write each: digits without leading zeros, a minus before them for a negative
/// one. `Int("+10")` and `Int("010")` are numbers to Swift, and a cache or a proxy could take them for others.
package enum StrictInteger {
    /// Reads one; nil for what is not one, and for what is past 64 bits.
    package static func parse(_ text: some StringProtocol) -> Int? {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let digits = text.utf8.dropFirst(isNegative ? 1 : 0)
        guard let first = digits.first, digits.allSatisfy({ (48...57).contains($0) }),
            first != 48 || (digits.count == 1 && !isNegative)
        else { return nil }
        return Int(text)
    }
}
