import Formats
import Foundation
import Glibc
import Testing
import Worker
import WorkerProtocol

@Suite struct ReportSenderTests {
    /// What a sender's daemon and its log get.
    private func after(_ body: (ReportSender) -> Void) throws -> (reports: [WorkerFrame], log: String) {
        var pair: [CInt] = [-1, -1]
        try #require(socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        let path = NSTemporaryDirectory() + "tpud-say-\(UUID())"
        let log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer {
            for descriptor in [log, pair[0]] { close(descriptor) }
            unlink(path)
        }
        body(ReportSender(socket: WorkerSocket(pair[1]), epoch: 5, log: log))
        close(pair[1])
        var decoder = FrameDecoder(limit: FrameCodec.workerLimit)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(pair[0], &buffer, buffer.count, 0)
            guard count > 0 else { break }
            decoder.append(buffer[..<count])
        }
        var reports: [WorkerFrame] = []
        while let json = try decoder.next() { reports.append(try WorkerFrame(json)) }
        return (reports, try String(contentsOfFile: path, encoding: .utf8))
    }

    @Test func everyReportHasItsAttemptsEpoch() throws {
        let (reports, log) = try after { sender in
            sender.report(.started(startStep: 1, targetStep: nil))
            sender.report(.heartbeat(workSeconds: 2))
        }
        #expect(reports.map(\.epoch) == [5, 5])
        #expect(reports.map(\.report) == [.started(startStep: 1, targetStep: nil), .heartbeat(workSeconds: 2)])
        #expect(log.isEmpty)
    }

    /// Each line has its time and level, so that a part of the log can be read by itself; then its length is told.
    @Test func aTextIsLinesOfTheLog() throws {
        let (reports, log) = try after { sender in
            sender.say("INFO", "one")
            sender.say("ERROR", "two\n\nthree")
        }
        let lines = log.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 5 && lines.last == "")
        let time = #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /#
        for line in lines.dropLast() { #expect(line.prefixMatch(of: time) != nil, "\(line)") }
        #expect(lines.dropLast().map { $0.dropFirst(25) } == ["INFO one", "ERROR two", "ERROR ", "ERROR three"])
        let first = lines[0].utf8.count + 1
        #expect(reports.map(\.report) == [.log(bytes: first), .log(bytes: log.utf8.count)])
    }

    /// A log that can't be written costs the job its log, not its training.
    @Test func aLogThatTakesNothingIsNoReasonToStop() {
        let sender = ReportSender(socket: WorkerSocket(-1), epoch: 1, log: -1)
        sender.say("INFO", "lost")
        sender.report(.log(bytes: 1))
    }
}
