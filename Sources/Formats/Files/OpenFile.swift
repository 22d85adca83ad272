import Glibc

/// A regular file open for reading; it is closed when the value goes.
///
/// Errors never hold the path: whoever asked for the file says its name.
package struct OpenFile: ~Copyable, Sendable {
    /// The descriptor; owned.
    package let descriptor: Int32
    /// The file's size in bytes when it was opened.
    package let size: Int

    /// Opens the file at a path; throws `unreadable` when there is none, it may not be read or is no regular file.
    package init(path: String) throws(FormatError) {
        let descriptor = retryingOnInterrupt { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw OpenFile.unreadable(errno) }
        try self.init(owning: descriptor)
    }

    /// Takes over a descriptor, and closes it also when this throws.
    package init(owning descriptor: Int32) throws(FormatError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = errno
            close(descriptor)
            throw OpenFile.unreadable(reason)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FormatError(
                .unreadable, status.st_mode & S_IFMT == S_IFDIR ? "is a folder, not a file" : "is not a regular file")
        }
        self.descriptor = descriptor
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Fills the buffer from that place of the file on; returns fewer bytes than the buffer holds only at its end.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FormatError) -> Int {
        var done = 0
        while done < buffer.count {
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
            let count = retryingOnInterrupt {
                pread(descriptor, target.baseAddress, target.count, off_t(offset + done))
            }
            if count < 0 {
                let reason = errno
                throw FormatError(.inputOutput, "can't be read: \(FormatError.words(reason))", systemError: reason)
            }
            if count == 0 { break }
            done += count
        }
        return done
    }

    /// A range of the file, shorter where the file ends; memory is taken only for bytes that the file had when it was
    /// opened.
    package func bytes(at offset: Int, count: Int) throws(FormatError) -> [UInt8] {
        let count = max(0, min(count, size - offset))
        var bytes = [UInt8](repeating: 0, count: count)
        let done: Int
        do {
            done = try bytes.withUnsafeMutableBytes { try self.read(into: $0, at: offset) }
        } catch {
            // The closure throws what `read` throws; the type is lost on the standard library's way.
            throw error as? FormatError ?? FormatError(.inputOutput, "can't be read")
        }
        bytes.removeLast(count - done)
        return bytes
    }

    /// The whole file; throws `tooLarge` past the limit.
    package func contents(limit: Int = .max) throws(FormatError) -> [UInt8] {
        guard size <= limit else {
            throw FormatError(.tooLarge, "is larger than \(limit) bytes")
        }
        return try bytes(at: 0, count: size)
    }

    private static func unreadable(_ reason: Int32) -> FormatError {
        FormatError(
            .unreadable,
            reason == ENOENT || reason == ENOTDIR ? "does not exist" : "can't be read: \(FormatError.words(reason))",
            systemError: reason)
    }
}

/// Calls again for as long as a signal interrupted the call.
func retryingOnInterrupt<Value: SignedInteger>(_ call: () -> Value) -> Value {
    while true {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
}
