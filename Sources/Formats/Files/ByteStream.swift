/// A file's bytes from start to end, decompressed when the file is a gzip file whatever its name.
package final class ByteStream {
    private enum Source: ~Copyable {
        case plain(OpenFile)
        case gzip(GzipReader)
    }

    private let source: Source
    private var offset = 0
    /// The size of the contents; nil for a compressed file, whose size shows only at its end.
    package let size: Int?

    /// A stream from the file's start.
    package init(_ file: consuming OpenFile) throws(FormatError) {
        let prefix = try file.bytes(at: 0, count: 2)
        if GzipReader.isGzip(prefix) {
            size = nil
            source = .gzip(GzipReader(file))
        } else {
            size = file.size
            source = .plain(file)
        }
    }

    /// Fills the buffer; returns fewer bytes than it holds only at the end.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FormatError) -> Int {
        let count: Int
        switch source {
        case .plain(let file): count = try file.read(into: buffer, at: offset)
        case .gzip(let reader): count = try reader.read(into: buffer)
        }
        offset += count
        return count
    }

    /// The next bytes, fewer than asked for only at the end. Memory grows with what is there, not with `count`.
    package func next(_ count: Int) throws(FormatError) -> [UInt8] {
        var bytes: [UInt8] = []
        if let size { bytes.reserveCapacity(min(count, max(0, size - offset))) }
        while bytes.count < count {
            let piece = min(count - bytes.count, max(1 << 20, bytes.count))
            let before = bytes.count
            bytes.append(contentsOf: repeatElement(0, count: size == nil ? piece : min(piece, max(0, remaining))))
            let space = bytes.count - before
            if space == 0 { break }
            let done = try read(into: &bytes, from: before)
            if done < space {
                bytes.removeLast(space - done)
                break
            }
        }
        return bytes
    }

    /// Reads up to `count` bytes and forgets them; returns how many there were.
    package func skip(_ count: Int) throws(FormatError) -> Int {
        if let size {
            let skipped = min(count, max(0, size - offset))
            offset += skipped
            return skipped
        }
        var scratch = [UInt8](repeating: 0, count: min(count, 1 << 20))
        var skipped = 0
        while skipped < count {
            if count - skipped < scratch.count { scratch.removeLast(scratch.count - (count - skipped)) }
            let done = try read(into: &scratch, from: 0)
            skipped += done
            if done < scratch.count { break }
        }
        return skipped
    }

    private var remaining: Int { (size ?? .max) - offset }

    private func read(into bytes: inout [UInt8], from start: Int) throws(FormatError) -> Int {
        var result: Result<Int, FormatError> = .success(0)
        bytes.withUnsafeMutableBytes { buffer in
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
            result = Result { () throws(FormatError) in try self.read(into: rest) }
        }
        return try result.get()
    }
}
