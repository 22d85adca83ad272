package import OrderedCollections

/// A record of TensorFlow's (`tf.train.Example`): lists by name.
package struct TFExample: Sendable, Hashable {
    /// What a feature holds.
    package enum Feature: Sendable, Hashable {
        /// Strings of bytes.
        case bytes([[UInt8]])
        /// Single-precision numbers.
        case floats([Float])
        /// Whole numbers.
        case integers([Int64])
        /// Nothing, of no type.
        case none
    }

    /// The features in the order in which they are stored.
    package let features: OrderedDictionary<String, Feature>

    /// Reads a record. Throws `truncated` and `malformed`.
    package init(parsing bytes: [UInt8]) throws(FormatError) {
        var features: OrderedDictionary<String, Feature> = [:]
        for entry in try ProtobufMessage(bytes).message(1).bytes(1) {
            let pair = try ProtobufMessage(entry)
            features[pair.text(1)] = try TFExample.feature(pair.message(2))
        }
        self.features = features
    }

    private static func feature(_ message: ProtobufMessage) throws(FormatError) -> Feature {
        // Of the three lists the last is meant, as for every choice of the format.
        guard let last = message.fields.last, case .bytes(let list) = last.value else { return .none }
        let values = try ProtobufMessage(list)
        switch last.number {
        case 1: return .bytes(values.bytes(1))
        case 2: return .floats(try floats(values))
        case 3: return .integers(try integers(values))
        default: return .none
        }
    }

    /// Packed into one field or one a field.
    private static func floats(_ values: ProtobufMessage) throws(FormatError) -> [Float] {
        var floats: [Float] = []
        for value in values.all(1) {
            switch value {
            case .fixed32(let bits): floats.append(Float(bitPattern: bits))
            case .bytes(let bytes):
                guard bytes.count % 4 == 0 else {
                    throw FormatError(.malformed, "has a list of floats of \(bytes.count) bytes")
                }
                for place in 0..<(bytes.count / 4) {
                    floats.append(Float(bitPattern: LittleEndian.uint32(bytes, at: 4 * place)))
                }
            case .varint, .fixed64: throw FormatError(.malformed, "has a list of floats with another number in it")
            }
        }
        return floats
    }

    private static func integers(_ values: ProtobufMessage) throws(FormatError) -> [Int64] {
        var integers: [Int64] = []
        for value in values.all(1) {
            switch value {
            case .varint(let number): integers.append(Int64(bitPattern: number))
            case .bytes(let bytes):
                var cursor = ByteCursor(bytes)
                while !cursor.isAtEnd { integers.append(Int64(bitPattern: try cursor.varint())) }
            case .fixed32, .fixed64: throw FormatError(.malformed, "has a list of integers with another number in it")
            }
        }
        return integers
    }
}
