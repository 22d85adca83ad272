extension String {
    /// FNV-1a of the UTF-8 bytes, 64 bits (Fowler, Noll and Vo): what random numbers are keyed by where they have a name.
    package var fnv1a: UInt64 {
        utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
