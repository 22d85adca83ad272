/// The fields of a message in Protocol Buffers' wire format, in order and with their repetitions. What the numbers mean the
/// reader knows; groups, which no message of TensorFlow has, are refused.
package struct ProtobufMessage: Sendable, Hashable {
    /// A field's value by its wire type.
    package enum Value: Sendable, Hashable {
        /// A whole number of variable length.
        case varint(UInt64)
        /// Eight bytes.
        case fixed64(UInt64)
        /// Text, bytes, a message or packed numbers.
        case bytes([UInt8])
        /// Four bytes.
        case fixed32(UInt32)
    }

    /// A field as it is met.
    package struct Field: Sendable, Hashable {
        /// Its number in the message's definition.
        package let number: Int
        /// What it holds.
        package let value: Value
    }

    /// All fields in order.
    package let fields: [Field]

    /// Reads a message. Throws `truncated` and `malformed`.
    package init(_ bytes: [UInt8]) throws(FormatError) {
        var cursor = ByteCursor(bytes)
        var fields: [Field] = []
        while !cursor.isAtEnd {
            let key = try cursor.varint()
            let number = key >> 3
            guard number >= 1, number < 1 << 29 else {
                throw FormatError(.malformed, "has a message with a field of number \(number)")
            }
            let value: Value
            switch key & 7 {
            case 0: value = .varint(try cursor.varint())
            case 1: value = .fixed64(LittleEndian.uint64(try cursor.bytes(8), at: 0))
            case 2: value = .bytes(try cursor.bytes(try cursor.length()))
            case 5: value = .fixed32(LittleEndian.uint32(try cursor.bytes(4), at: 0))
            case let type: throw FormatError(.malformed, "has a message with a field of wire type \(type)")
            }
            fields.append(Field(number: Int(number), value: value))
        }
        self.fields = fields
    }

    /// All values of a number, in order.
    package func all(_ number: Int) -> [Value] { fields.filter { $0.number == number }.map(\.value) }

    /// The last whole number of a field; 0 where there is none, as the format says.
    package func integer(_ number: Int) -> UInt64 {
        if case .varint(let value)? = all(number).last { value } else { 0 }
    }

    /// The bytes of each field of this number.
    package func bytes(_ number: Int) -> [[UInt8]] {
        all(number).compactMap { if case .bytes(let bytes) = $0 { bytes } else { nil } }
    }

    /// The text of the last field of this number; empty where there is none. Bytes that are not UTF-8 are replaced.
    package func text(_ number: Int) -> String { String(decoding: bytes(number).last ?? [], as: UTF8.self) }

    /// The message of the last field of this number; an empty one where there is none.
    package func message(_ number: Int) throws(FormatError) -> ProtobufMessage {
        try ProtobufMessage(bytes(number).last ?? [])
    }
}
