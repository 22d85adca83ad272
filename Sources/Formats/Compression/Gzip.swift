import CZlib

/// Compresses bytes that are in memory as one gzip member (RFC 1952).
package enum Gzip {
    /// The bytes compressed as far as zlib can (level 9); no name and no time in the header, so the same bytes give the same.
    package static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        // 15 is the largest window, 16 more ask for a gzip wrapper; 8 is zlib's usual memory (zlib.h, deflateInit2).
        let status = deflateInit2_(
            &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib starts unless memory has run out or its header belongs to another version")
        defer { deflateEnd(&stream) }
        var input = bytes
        let room = Int(deflateBound(&stream, UInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: room) { output, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(room)
                let status = deflate(&stream, Z_FINISH)
                precondition(status == Z_STREAM_END, "deflateBound tells how much room is enough")
            }
            count = room - Int(stream.avail_out)
        }
    }
}
