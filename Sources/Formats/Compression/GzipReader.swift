import CZlib

/// Decompresses the gzip members of a file, one after another (RFC 1952), with a fixed amount of memory.
package final class GzipReader {
    private let file: OpenFile
    private var offset = 0
    private let input: UnsafeMutableRawBufferPointer
    // zlib keeps a pointer back to the stream and refuses one that has moved: it needs a fixed address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var betweenMembers = false
    private var ended = false

    /// Whether a file that begins with these bytes is a gzip file (RFC 1952 section 2.3.1).
    package static func isGzip(_ prefix: [UInt8]) -> Bool {
        prefix.count >= 2 && prefix[0] == 0x1F && prefix[1] == 0x8B
    }

    /// A reader from the file's start.
    package init(_ file: consuming OpenFile) {
        self.file = file
        input = .allocate(byteCount: 1 << 16, alignment: 16)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 is the largest window, 16 more ask for a gzip wrapper (zlib.h, inflateInit2).
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib starts unless memory has run out or its header belongs to another version")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Fills the buffer with decompressed bytes; returns fewer than it holds only at the end.
    ///
    /// Throws `truncated` when the file ends inside a member, `malformed` when it is damaged (checksums included).
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
        var done = 0
        while done < buffer.count, !ended {
            if stream.pointee.avail_in == 0 { try refill() }
            if ended { break }
            if betweenMembers { try beginMember() }
            if ended { break }
            let space = min(buffer.count - done, 1 << 30)
            stream.pointee.next_out = buffer.baseAddress?.advanced(by: done).assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(space)
            let status = inflate(stream, Z_NO_FLUSH)
            done += space - Int(stream.pointee.avail_out)
            switch status {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: betweenMembers = true
            default: throw FormatError(.malformed, "The gzip data is damaged")
            }
        }
        return done
    }

    private func refill() throws(FormatError) {
        let count = try file.read(into: input, at: offset)
        if count == 0 {
            if !betweenMembers {
                throw FormatError(.truncated, "The gzip data ends after \(offset) bytes, in the middle of a member")
            }
            ended = true
        }
        offset += count
        stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(count)
    }

    /// Zeros after the last member are filling, as gzip itself takes them; anything else must be another member.
    private func beginMember() throws(FormatError) {
        while stream.pointee.avail_in > 0, stream.pointee.next_in.pointee == 0 {
            stream.pointee.next_in += 1
            stream.pointee.avail_in -= 1
        }
        guard stream.pointee.avail_in > 0 else { return }
        guard stream.pointee.next_in.pointee == 0x1F else {
            throw FormatError(.malformed, "Something else follows the gzip data")
        }
        guard inflateReset(stream) == Z_OK else { throw FormatError(.malformed, "The gzip data is damaged") }
        betweenMembers = false
    }
}
