/// The cyclic redundancy check with Castagnoli's polynomial (RFC 3720, appendix B.4), which TensorFlow's files carry.
package struct CRC32C: Sendable, Hashable {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }

    private var state: UInt32 = .max

    /// The check of no bytes.
    package init() {}

    /// The check of some bytes.
    package init(_ bytes: some Sequence<UInt8>) { update(bytes) }

    /// Goes on with further bytes.
    package mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = state >> 8 ^ CRC32C.table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] }
    }

    /// The check as a number.
    package var value: UInt32 { ~state }

    /// The check as TensorFlow and LevelDB store it, turned by 15 bits and moved on, so that a check over bytes that hold
    /// checks stays a good one.
    package var masked: UInt32 { (value >> 15 | value << 17) &+ 0xA282_EAD8 }
}
