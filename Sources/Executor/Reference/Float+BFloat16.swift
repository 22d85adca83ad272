extension Float {
    /// The nearest bfloat16, halves to even; past the largest one it is infinite.
    var roundedToBFloat16: Float {
        if isNaN { return self }
        let bits = bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    }
}
