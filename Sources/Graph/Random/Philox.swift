/// Philox 4×32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"
/// (SC 2011): four 32-bit words from a 128-bit counter and a 64-bit key, without state.
package struct Philox: Sendable {
    private let key0: UInt32
    private let key1: UInt32

    /// A generator keyed by 64 bits; the low half is the first key word.
    package init(key: UInt64) {
        key0 = UInt32(truncatingIfNeeded: key)
        key1 = UInt32(truncatingIfNeeded: key >> 32)
    }

    /// The four words of one counter, whose low 64 bits are `low`.
    package func block(low: UInt64, high: UInt64) -> SIMD4<UInt32> {
        var x0 = UInt32(truncatingIfNeeded: low)
        var x1 = UInt32(truncatingIfNeeded: low >> 32)
        var x2 = UInt32(truncatingIfNeeded: high)
        var x3 = UInt32(truncatingIfNeeded: high >> 32)
        var k0 = key0
        var k1 = key1
        for _ in 0..<10 {
            let a = (0xD251_1F53 as UInt32).multipliedFullWidth(by: x0)
            let b = (0xCD9E_8D57 as UInt32).multipliedFullWidth(by: x2)
            (x0, x1, x2, x3) = (b.high ^ x1 ^ k0, b.low, a.high ^ x3 ^ k1, a.low)
            k0 &+= 0x9E37_79B9
            k1 &+= 0xBB67_AE85
        }
        return SIMD4(x0, x1, x2, x3)
    }

    /// A float in [0, 1) from a word's upper 24 bits: every value is a multiple of 2⁻²⁴.
    package static func unitFloat(_ word: UInt32) -> Float { Float(word >> 8) * 0x1p-24 }

    /// A double in [0, 1) from two words' 53 upper bits.
    package static func unitDouble(_ a: UInt32, _ b: UInt32) -> Double {
        Double((UInt64(a) << 32 | UInt64(b)) >> 11) * 0x1p-53
    }
}
