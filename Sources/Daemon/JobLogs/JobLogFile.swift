import Glibc
package import Reactor

/// A job's log as it is read: opened once, from an offset on. Every call waits for the disk.
package final class JobLogFile: Sendable {
    private let descriptor: Int32

    /// Opens the log of a model folder; nil when there is none yet.
    /// - Throws: `SystemError`.
    package init?(modelDirectory: String) throws(SystemError) {
        descriptor = open("\(modelDirectory)/\(JobLog.fileName)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw SystemError(call: "open", code: errno)
        }
    }

    deinit { SystemCall.close(descriptor) }

    /// How many bytes it has now.
    package func length() throws(SystemError) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemError(call: "fstat", code: errno) }
        return Int64(status.st_size)
    }

    /// At most `count` bytes from `offset` on; fewer, or none, at the end.
    package func read(at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        var failure: SystemError?
        // unsafe: the kernel fills the buffer, which lives through the call.
        let read = buffer.withUnsafeMutableBytes { bytes in
            do throws(SystemError) {
                return try SystemCall.read(descriptor, at: offset, into: bytes)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        buffer.removeLast(count - read)
        return buffer
    }

    /// Where the last `lines` lines of the bytes from `start` to `end` begin.
    package func offset(ofLast lines: Int, from start: Int64, to end: Int64) throws(SystemError) -> Int64 {
        guard lines > 0, start < end else { return max(start, end) }
        var missing = lines
        var position = end
        while position > start {
            let count = Int(min(1 << 16, position - start))
            let block = try read(at: position - Int64(count), count: count)
            for place in block.indices.reversed() where block[place] == 10 {
                let offset = position - Int64(count) + Int64(place)
                // The newline that ends the last line begins no further one.
                if offset == end - 1 { continue }
                missing -= 1
                if missing == 0 { return offset + 1 }
            }
            position -= Int64(count)
        }
        return start
    }

    /// Another descriptor of the file, which the caller closes: a body has one of its own.
    /// - Throws: `SystemError` of fcntl(2).
    package func copiedDescriptor() throws(SystemError) -> CInt {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else { throw SystemError(call: "fcntl", code: errno) }
        return copy
    }
}
