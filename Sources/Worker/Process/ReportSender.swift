import Glibc
import Jobs
import Synchronization
package import WorkerProtocol

/// How a running job speaks to the daemon: reports as frames, and lines of its log. Any thread may speak.
package final class ReportSender: Sendable {
    private let socket: WorkerSocket
    private let epoch: Int
    /// Receives the log; the daemon made it the end of the job's `log.txt`.
    private let log: Int32

    /// - Parameters:
    ///   - epoch: goes into every frame.
    ///   - log: a descriptor opened for appending.
    package init(socket: WorkerSocket, epoch: Int, log: Int32) {
        self.socket = socket
        self.epoch = epoch
        self.log = log
    }

    /// Sends a report.
    package func report(_ report: WorkerReport) {
        socket.send(WorkerFrame(epoch: epoch, report: report))
    }

    /// Appends lines to the log, each with the time (UTC) and its level before it, then tells the daemon how long the
    /// log is.
    package func say(_ level: String, _ text: String) {
        let stamp = Self.stamp()
        var bytes: [UInt8] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            bytes.append(contentsOf: "\(stamp) \(level) \(line)\n".utf8)
        }
        var written = 0
        while written < bytes.count {
            // unsafe: the bytes live through the call.
            let count = bytes.withUnsafeBytes { write(log, $0.baseAddress! + written, $0.count - written) }
            // A full disk costs the job its log, not its training.
            if count < 0 && errno != EINTR { break }
            written += max(0, count)
        }
        var status = stat()
        if fstat(log, &status) == 0 { report(.log(bytes: Int(status.st_size))) }
    }

    private static func stamp() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let microseconds = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
        return Timestamp(microseconds: microseconds).rfc3339
    }
}
