/// Writes a message in Protocol Buffers' wire format, field by field in the order of the calls: what ``ProtobufMessage`` reads.
/// What the numbers mean the caller knows.
package struct ProtobufWriter: Sendable {
    /// The message so far.
    package private(set) var bytes: [UInt8] = []

    /// A message without fields.
    package init() {}

    /// Adds a whole number; negative ones take ten bytes, as `int64` has it.
    package mutating func add(_ number: Int, integer: Int64) {
        key(number, 0)
        varint(UInt64(bitPattern: integer))
    }

    /// Adds a number of four bytes, as `float` has it.
    package mutating func add(_ number: Int, float: Float) {
        key(number, 5)
        for shift in 0..<4 as Range<UInt32> { bytes.append(UInt8(truncatingIfNeeded: float.bitPattern >> (8 * shift))) }
    }

    /// Adds bytes, packed numbers or a message.
    package mutating func add(_ number: Int, bytes field: some Collection<UInt8>) {
        key(number, 2)
        varint(UInt64(field.count))
        bytes.append(contentsOf: field)
    }

    /// Adds text.
    package mutating func add(_ number: Int, text: String) { add(number, bytes: text.utf8) }

    /// Adds a message that the closure writes.
    package mutating func add(_ number: Int, message: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        message(&inner)
        add(number, bytes: inner.bytes)
    }

    private mutating func key(_ number: Int, _ type: UInt64) { varint(UInt64(number) << 3 | type) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
