import Daemon
import Jobs
import Logging
import Synchronization
import Testing

@Suite struct LineLogHandlerTests {
    private func lines(
        _ beginning: LineLogHandler.Beginning = .time, _ body: (inout Logger) -> Void
    ) -> [String] {
        let sink = LineSink()
        var logger = Logger(label: "tpud") { label in
            LineLogHandler(
                label: label, level: .init(.info), beginning: beginning,
                wall: { Timestamp(microseconds: 951_782_400_123_000) },
                write: sink.append)
        }
        body(&logger)
        return sink.all
    }

    private final class LineSink: Sendable {
        private let lines = Mutex<[String]>([])
        func append(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    @Test func aLineHasTimeLevelLoggerMetadataAndMessage() {
        let lines = lines { log in
            log.debug("not told")
            log.notice("serving")
            log[metadataKey: "job"] = "j"
            log.error("it failed", metadata: ["attempt": "2"])
        }
        #expect(
            lines == [
                "2000-02-29T00:00:00.123Z notice tpud: serving",
                "2000-02-29T00:00:00.123Z error tpud: attempt=2 job=j it failed",
            ])
    }

    @Test func theJournalGetsPriorities() {
        let lines = lines(.priority) { log in
            for level in Logger.Level.allCases { log.log(level: level, "a line") }
        }
        #expect(
            lines == [
                "<6>info tpud: a line", "<5>notice tpud: a line", "<4>warning tpud: a line", "<3>error tpud: a line",
                "<2>critical tpud: a line",
            ])
    }

    @Test func whatComesFromClientsStaysOnItsLine() {
        let lines = lines { $0.warning("a\nb\u{1b}[31m\u{7f}c") }
        #expect(lines == [#"2000-02-29T00:00:00.123Z warning tpud: a\nb\u{1b}[31m\u{7f}c"#])
    }

    @Test func theLevelIsOneForAllWhoShareIt() {
        let sink = LineSink()
        let level = LineLogHandler.Level(.info)
        func logger(_ label: String) -> Logger {
            Logger(label: label) { label in
                LineLogHandler(
                    label: label, level: level, wall: { Timestamp(microseconds: 0) }, write: sink.append)
            }
        }
        var (one, two) = (logger("one"), logger("two"))
        one.debug("a")
        two.logLevel = .debug
        one.debug("b")
        level.set(.error)
        one.warning("c")
        two.error("d")
        one[metadataKey: "job"] = "j"
        one.error("e")
        two.error("f")
        #expect(
            sink.all.map { $0.split(separator: " ").dropFirst().joined(separator: " ") } == [
                "debug one: b", "error two: d", "error one: job=j e", "error two: f",
            ])
    }
}
