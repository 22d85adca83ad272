package import Dispatch
import Glibc
package import HTTP
package import Jobs
package import Reactor

/// Where a line is written for every request whose answer is over: standard error, or a file that can be taken away and made
/// anew.
package final class AccessLog: Sendable {
    private let format: AccessLogFormat
    private let wall: @Sendable () -> Timestamp
    private let write: @Sendable (String) -> Void
    private let file: (path: String, descriptor: CInt, writer: LogWriter)?

    /// Writes to wherever `write` does, which must not wait.
    package init(
        _ format: AccessLogFormat, wall: @escaping @Sendable () -> Timestamp,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.format = format
        self.wall = wall
        self.write = write
        file = nil
    }

    /// Appends to a file, which is made where there is none; a thread of its own waits for the disk.
    /// - Throws: `SystemError`.
    package init(
        _ format: AccessLogFormat, wall: @escaping @Sendable () -> Timestamp, path: String
    ) throws(SystemError) {
        self.format = format
        self.wall = wall
        let descriptor = try Self.open(path)
        let writer = try LogWriter(descriptor: descriptor)
        file = (path, descriptor, writer)
        write = { writer.write($0) }
    }

    /// Writes the line of a request. From anywhere; never waits.
    package func record(_ request: AnsweredRequest) { write(format.line(request, at: wall())) }

    /// Goes on in the file that has the path now, which is made where there is none: the one before may have been renamed.
    /// Waits for the disk.
    /// - Throws: `SystemError`; the lines go on where they went.
    package func reopen() throws(SystemError) {
        guard let file else { return }
        let new = try Self.open(file.path)
        defer { SystemCall.close(new) }
        // In one step: the thread that writes never finds the number without a file.
        guard dup2(new, file.descriptor) >= 0, fcntl(file.descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw SystemError(call: "dup2", code: errno)
        }
    }

    /// Waits until what was recorded is in the file, at most for `limit`.
    package func flush(within limit: DispatchTimeInterval) { file?.writer.flush(within: limit) }

    private static func open(_ path: String) throws(SystemError) -> CInt {
        let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw SystemError(call: "open", code: errno) }
        return descriptor
    }
}
