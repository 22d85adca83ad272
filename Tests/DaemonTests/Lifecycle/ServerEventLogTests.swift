import Daemon
import HTTP
import Jobs
import Logging
import Synchronization
import Testing

@Suite struct ServerEventLogTests {
    private final class Sink: Sendable {
        let lines = Mutex<[String]>([])
    }

    private struct Failure: Error {}

    private static func lines(_ event: ServerEvent, level: Logger.Level) -> [String] {
        let sink = Sink()
        let log = Logger(label: "tpud") { label in
            LineLogHandler(
                label: label, level: .init(level), wall: { Timestamp(microseconds: 0) },
                write: { line in sink.lines.withLock { $0.append(line) } })
        }
        log.record(event)
        return sink.lines.withLock { $0 }
    }

    /// A client that went away is nothing that an operator wants to read of.
    @Test func whatMattersIsTold() {
        let paused = ServerEvent.acceptPaused(reason: "no descriptors", retry: .milliseconds(50), times: 3)
        let lines = Self.lines(paused, level: .info)
        #expect(lines.count == 1)
        #expect(lines.first?.contains("warning") == true)
        #expect(lines.first?.contains("(3 times since this was said last): no descriptors") == true, "\(lines)")
    }

    @Test(arguments: [
        (ListenAddress.tcp(host: "127.0.0.1", port: 80), "http://127.0.0.1:80"),
        (.tcp(host: "::1", port: 80), "http://[::1]:80"),
    ])
    func anAddressIsWrittenAsAClientNeedsIt(address: ListenAddress, words: String) { #expect(address.words == words) }
}
