import Logging
import Reactor

extension TrainingDaemon {
    /// Where answered requests are written; nil where they are not.
    func makeAccessLog() async throws -> AccessLog? {
        guard let format = configuration.accessLog else { return nil }
        let wall = parts.clock.wall
        guard let path = configuration.accessLogFile else {
            return AccessLog(format, wall: wall, write: parts.writeLine)
        }
        return try await DiskWork.run {
            do throws(SystemError) { return try AccessLog(format, wall: wall, path: path) } catch {
                throw DaemonError.accessLog(path: path, error)
            }
        }
    }

    /// Goes on in the file that has the access log's path now.
    func reopen(_ log: AccessLog?) async {
        guard let log else { return }
        do {
            try await DiskWork.run { try log.reopen() }
        } catch is CancellationError {
            // The daemon is about to end.
        } catch {
            parts.log.error("the access log goes on where it was: \(error)")
        }
    }
}
