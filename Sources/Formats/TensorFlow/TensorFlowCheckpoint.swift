package import OrderedCollections

/// A checkpoint of TensorFlow's, of the format that `tf.train.Saver` and `tf.train.Checkpoint` write (V2): an index of
/// names and data files with the bytes.
package struct TensorFlowCheckpoint: Sendable, Hashable {
    /// What the index says of one variable.
    package struct Entry: Sendable, Hashable {
        /// TensorFlow's number of the element type.
        package let type: Int
        /// The dimensions.
        package let shape: [Int]
        /// The data file that holds it.
        package let shard: Int
        /// Where its bytes begin in the data file.
        package let offset: Int
        /// How many bytes it has.
        package let size: Int
        /// The masked CRC32C of its bytes; for strings, of lengths and bytes as the format says.
        package let checksum: UInt32
    }

    /// A variable's value.
    package enum Value: Sendable, Hashable {
        /// A tensor of numbers or booleans.
        case array(NDArray)
        /// Strings in row-major order.
        case strings([[UInt8]])
    }

    /// The variables by name, in the order of their names.
    package let entries: OrderedDictionary<String, Entry>
    /// Data files.
    package let shards: Int

    /// Numbers of TensorFlow's `DataType` that are read.
    private static let types: [Int: ElementType] = [
        1: .float32, 2: .float64, 3: .int32, 4: .uint8, 5: .int16, 6: .int8, 9: .int64, 10: .bool, 14: .bfloat16,
        17: .uint16, 19: .float16, 22: .uint32, 23: .uint64,
    ]
    /// TensorFlow's number of strings.
    private static let stringType = 7

    /// Reads an index, the file whose name ends in `.index`. Throws `truncated`, `malformed`, `unsupported`.
    package init(index: [UInt8]) throws(FormatError) {
        var entries: OrderedDictionary<String, Entry> = [:]
        var shards = 0
        for (key, value) in try SortedTable.entries(index) {
            let message = try ProtobufMessage(value)
            guard !key.isEmpty else {
                guard message.integer(2) == 0 else {
                    throw FormatError(.unsupported, "is a checkpoint of a big-endian machine, which is not read here")
                }
                shards = Int(clamping: message.integer(1))
                continue
            }
            entries[String(decoding: key, as: UTF8.self)] = try TensorFlowCheckpoint.entry(message)
        }
        self.entries = entries
        self.shards = shards
    }

    private static func entry(_ message: ProtobufMessage) throws(FormatError) -> Entry {
        guard message.bytes(7).isEmpty else {
            throw FormatError(.unsupported, "has a variable in slices, which is not read here")
        }
        var shape: [Int] = []
        for dimension in try message.message(2).bytes(2) {
            shape.append(Int(clamping: try ProtobufMessage(dimension).integer(1)))
        }
        var checksum: UInt32 = 0
        if case .fixed32(let value)? = message.all(6).last { checksum = value }
        return Entry(
            type: Int(clamping: message.integer(1)), shape: shape, shard: Int(clamping: message.integer(3)),
            offset: Int(clamping: message.integer(4)), size: Int(clamping: message.integer(5)), checksum: checksum)
    }

    /// The name of a data file of a checkpoint of this prefix: `model.ckpt-7.data-00000-of-00001`.
    package func dataFile(_ shard: Int, prefix: String) -> String {
        func padded(_ number: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        }
        return "\(prefix).data-\(padded(shard))-of-\(padded(shards))"
    }

    /// A variable's value, given the contents of its data file. Throws `truncated`, `malformed` for a wrong checksum, and
    /// `unsupported` for an element type that is not read here.
    package func value(of entry: Entry, in data: [UInt8]) throws(FormatError) -> Value {
        let (end, overflow) = entry.offset.addingReportingOverflow(entry.size)
        guard entry.offset >= 0, entry.size >= 0, !overflow, end <= data.count else {
            throw FormatError(
                .truncated,
                "is truncated: a variable has \(entry.size) bytes from \(entry.offset) on, the file \(data.count)")
        }
        if entry.type == TensorFlowCheckpoint.stringType {
            return .strings(try strings(entry, data, entry.offset..<end))
        }
        guard let type = TensorFlowCheckpoint.types[entry.type] else {
            throw FormatError(.unsupported, "has a variable of TensorFlow's type \(entry.type), which is not read here")
        }
        let bytes = Array(data[entry.offset..<end])
        try check(CRC32C(bytes), entry)
        return .array(try NDArray(type: type, shape: entry.shape, bytes: bytes))
    }

    /// Lengths as variable numbers, the masked check of the lengths, then the strings. The lengths are checked as numbers of
    /// four bytes, or of eight where one needs them.
    private func strings(_ entry: Entry, _ data: [UInt8], _ range: Range<Int>) throws(FormatError) -> [[UInt8]] {
        let (count, overflow) = entry.shape.reduce((1, false)) { product, extent in
            let (next, overflow) = product.0.multipliedReportingOverflow(by: extent)
            return (next, product.1 || overflow)
        }
        // Each string takes a byte at least, that of its length.
        guard !overflow, count >= 0, count <= range.count else {
            throw FormatError(.malformed, "has \(range.count) bytes for strings of shape \(entry.shape)")
        }
        var cursor = ByteCursor(data, range)
        var lengths: [Int] = []
        var check = CRC32C()
        for _ in 0..<count {
            let length = try cursor.length()
            lengths.append(length)
            if let short = UInt32(exactly: length) {
                check.update(withUnsafeBytes(of: short.littleEndian) { Array($0) })
            } else {
                check.update(withUnsafeBytes(of: UInt64(length).littleEndian) { Array($0) })
            }
        }
        let stored = try cursor.bytes(4)
        guard check.masked == LittleEndian.uint32(stored, at: 0) else {
            throw FormatError(.malformed, "is damaged: the checksum of its strings' lengths is another")
        }
        check.update(stored)
        var strings: [[UInt8]] = []
        for length in lengths {
            let string = try cursor.bytes(length)
            check.update(string)
            strings.append(string)
        }
        try self.check(check, entry)
        return strings
    }

    private func check(_ found: CRC32C, _ entry: Entry) throws(FormatError) {
        guard found.masked == entry.checksum else {
            throw FormatError(.malformed, "is damaged: the checksum of a variable's bytes is another")
        }
    }
}
