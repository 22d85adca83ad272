/// The entries of a table file of LevelDB's, which the index of a TensorFlow checkpoint is: keys in order with their values,
/// in blocks that leave out what a key shares with the one before, each with its masked CRC32C.
enum SortedTable {
    /// A part of the file.
    private struct Block {
        let offset: Int
        let size: Int

        init(_ cursor: inout ByteCursor) throws(FormatError) {
            offset = try cursor.length()
            size = try cursor.length()
        }
    }

    private static let magic: UInt64 = 0xDB47_7524_8B80_FB57
    private static let footerSize = 48

    /// All entries in order of their keys. Throws `truncated`, `malformed`, and `unsupported` for compressed blocks.
    static func entries(_ file: [UInt8]) throws(FormatError) -> [(key: [UInt8], value: [UInt8])] {
        guard file.count >= footerSize else {
            throw FormatError(
                .truncated, "is truncated: a table ends with \(footerSize) bytes, but there are \(file.count)")
        }
        guard LittleEndian.uint64(file, at: file.count - 8) == magic else {
            throw FormatError(.malformed, "is not the index of a checkpoint: its last 8 bytes are others")
        }
        var footer = ByteCursor(file, (file.count - footerSize)..<(file.count - 8))
        // The first block is of meta entries, of which there are none.
        _ = try Block(&footer)
        var entries: [(key: [UInt8], value: [UInt8])] = []
        for (_, handle) in try read(Block(&footer), of: file) {
            var cursor = ByteCursor(handle)
            entries += try read(Block(&cursor), of: file)
        }
        return entries
    }

    private static func read(_ block: Block, of file: [UInt8]) throws(FormatError) -> [(key: [UInt8], value: [UInt8])] {
        let (end, overflow) = block.offset.addingReportingOverflow(block.size)
        guard !overflow, end <= file.count - 5 else {
            throw FormatError(.truncated, "is truncated: a block of \(block.size) bytes begins at \(block.offset)")
        }
        guard CRC32C(file[block.offset...end]).masked == LittleEndian.uint32(file, at: end + 1) else {
            throw FormatError(.malformed, "is damaged: the checksum of the block at \(block.offset) is another")
        }
        guard file[end] == 0 else {
            throw FormatError(.unsupported, "has blocks with compression of kind \(file[end]), which is not read here")
        }
        guard block.size >= 4 else { throw FormatError(.malformed, "has a block of \(block.size) bytes") }
        // Behind the entries are the places where keys are whole, and how many there are.
        let restarts = Int(LittleEndian.uint32(file, at: end - 4))
        guard restarts <= (block.size - 4) / 4 else {
            throw FormatError(.malformed, "has a block of \(block.size) bytes with \(restarts) restarts")
        }
        var cursor = ByteCursor(file, block.offset..<(end - 4 - 4 * restarts))
        var entries: [(key: [UInt8], value: [UInt8])] = []
        var key: [UInt8] = []
        while !cursor.isAtEnd {
            let common = try cursor.length()
            let rest = try cursor.length()
            let size = try cursor.length()
            guard common <= key.count else { throw FormatError(.malformed, "has a key shorter than it says") }
            key = Array(key[..<common]) + (try cursor.bytes(rest))
            entries.append((key, try cursor.bytes(size)))
        }
        return entries
    }
}
