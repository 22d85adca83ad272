extension Float {
    /// The nearest bfloat16, halves to even; past the largest one it is infinite.
    package var roundedToBFloat16: Float {
        if isNaN { return self }
        let bits = bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    }

    /// The number whose bfloat16 has these bits; exact.
    package init(brainBits: UInt16) { self.init(bitPattern: UInt32(brainBits) << 16) }

    /// The bits of the nearest bfloat16; those of a NaN stay a NaN's.
    package var brainBits: UInt16 {
        isNaN ? UInt16(bitPattern >> 16) | 0x40 : UInt16(roundedToBFloat16.bitPattern >> 16)
    }
}
