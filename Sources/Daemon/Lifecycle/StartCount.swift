import Glibc
package import Reactor

/// Counts the daemon's starts that no clean stop has followed, in a small file of the state folder. A job that ends the
/// daemon would otherwise end each of its starts, too.
package enum StartCount {
    /// The file's name.
    package static let fileName = "starts"

    /// Counts this start; it is on disk when this returns. Waits for the disk.
    /// - Returns: How many starts before this one no clean stop has followed.
    /// - Throws: `SystemError` when it can't be written.
    package static func begin(in folder: String) throws(SystemError) -> Int {
        let before = read(in: folder)
        try write(min(before, 1_000_000) + 1, in: folder)
        return before
    }

    /// The daemon stops cleanly, or has served for long: the next start is the first one again. Waits for the disk.
    /// - Throws: `SystemError` when it can't be written.
    package static func clear(in folder: String) throws(SystemError) { try write(0, in: folder) }

    /// What the file says; 0 where there is none, or something else in it.
    package static func read(in folder: String) -> Int {
        let descriptor = open("\(folder)/\(fileName)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { SystemCall.close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return max(0, Int(String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 10 }, as: UTF8.self)) ?? 0)
    }

    private static func write(_ number: Int, in folder: String) throws(SystemError) {
        // The file is written in place: its few bytes are in one block, and a torn one reads as 0.
        let descriptor = open("\(folder)/\(fileName)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError(call: "open", code: errno) }
        defer { SystemCall.close(descriptor) }
        let text = Array("\(number)\n".utf8)
        guard pwrite(descriptor, text, text.count, 0) == text.count else {
            throw SystemError(call: "pwrite", code: errno)
        }
        guard fsync(descriptor) == 0 else { throw SystemError(call: "fsync", code: errno) }
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw SystemError(call: "open", code: errno) }
        defer { SystemCall.close(parent) }
        guard fsync(parent) == 0 else { throw SystemError(call: "fsync", code: errno) }
    }
}
