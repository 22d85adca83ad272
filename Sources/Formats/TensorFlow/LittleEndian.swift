/// Numbers of a format that stores their lowest byte first. The bytes must be there.
enum LittleEndian {
    /// Four bytes from a place.
    static func uint32(_ bytes: [UInt8], at start: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
    }

    /// Eight bytes from a place.
    static func uint64(_ bytes: [UInt8], at start: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
    }
}
