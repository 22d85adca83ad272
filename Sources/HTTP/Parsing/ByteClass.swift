/// The sets of bytes of RFC 9110 section 5 and RFC 3986 section 2, as tests without a table in memory.
package enum ByteClass {
    /// A set of ASCII bytes as 128 bits.
    private struct Bits {
        let low: UInt64
        let high: UInt64

        @inline(__always)
        func contains(_ byte: UInt8) -> Bool {
            guard byte < 128 else { return false }
            return (byte < 64 ? low >> UInt64(byte) : high >> UInt64(byte - 64)) & 1 == 1
        }
    }

    /// ALPHA DIGIT and !#$%&'*+-.^_`|~
    private static let tokens = Bits(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe)
    /// unreserved, gen-delims without #, sub-delims, percent.
    private static let targets = Bits(low: 0xafff_fff2_0000_0000, high: 0x47ff_fffe_afff_ffff)
    /// unreserved, sub-delims: what a registered name may hold besides percent-encodings.
    private static let names = Bits(low: 0x2bff_7fd2_0000_0000, high: 0x47ff_fffe_87ff_fffe)

    /// tchar (RFC 9110 section 5.6.2).
    @inline(__always)
    package static func isToken(_ byte: UInt8) -> Bool { tokens.contains(byte) }

    /// A byte that a request target may have (RFC 3986), the number sign left out: a fragment is never sent.
    @inline(__always)
    package static func isTarget(_ byte: UInt8) -> Bool { targets.contains(byte) }

    /// unreserved or sub-delims (RFC 3986 section 2).
    @inline(__always)
    package static func isRegisteredName(_ byte: UInt8) -> Bool { names.contains(byte) }

    /// field-vchar, space or tab (RFC 9110 section 5.5).
    @inline(__always)
    package static func isFieldValue(_ byte: UInt8) -> Bool { byte >= 0x20 ? byte != 0x7f : byte == 0x09 }

    /// 0 to 9.
    @inline(__always)
    package static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// The value of a hexadecimal digit.
    @inline(__always)
    package static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// A to Z made small.
    @inline(__always)
    package static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}

extension Span<UInt8> {
    /// Whether the bytes of `range` are `word` (in small letters), letters of either case taken as equal.
    package func equals(_ word: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        // unsafe: a static string's bytes live forever, and the index stays below their count.
        let letters = word.utf8Start
        for offset in 0..<range.count
        where ByteClass.lowercased(self[range.lowerBound + offset]) != letters[offset] { return false }
        return true
    }

    /// `range` without spaces and tabs at both ends (OWS, RFC 9110 section 5.6.3).
    package func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower < upper, self[lower] == 0x20 || self[lower] == 0x09 { lower += 1 }
        while lower < upper, self[upper - 1] == 0x20 || self[upper - 1] == 0x09 { upper -= 1 }
        return lower..<upper
    }

    /// Calls `body` with each element of a comma-separated list, trimmed; empty ones too.
    package func forEachElement(of range: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = range.lowerBound
        for index in range where self[index] == 0x2c {
            body(trimmed(start..<index))
            start = index + 1
        }
        body(trimmed(start..<range.upperBound))
    }
}
