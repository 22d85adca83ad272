import Daemon
import Formats
import HTTP
import HTTPTypes
import Jobs
import Testing

@Suite struct AccessLogFormatTests {
    private static let moment = Timestamp(microseconds: 971_186_136_250_000)

    private static func request(
        peer: Peer = .internet(address: "192.0.2.1", port: 9), principal: String? = "alice",
        method: HTTPRequest.Method? = .get, line: AnsweredRequest.Line? = .init(path: "/v1/jobs", version: .http11),
        status: Int? = 200, isWhole: Bool = true
    ) -> AnsweredRequest {
        AnsweredRequest(
            id: RequestID(run: 0xabcd, number: 42), peer: peer, principal: principal, method: method,
            template: line.map { _ in "/v1/jobs" }, line: line, status: status, bodyBytes: 512,
            duration: .microseconds(1_002_003), isWhole: isWhole)
    }

    private static func combined(_ request: AnsweredRequest) -> String {
        AccessLogFormat.combined.line(request, at: moment)
    }

    @Test func combinedIsCombined() {
        let start = "192.0.2.1 - alice [10/Oct/2000:13:55:36 +0000]"
        let end = "0000abcd-000000000000002a 1.002003"
        #expect(
            Self.combined(Self.request()) == "\(start) \"GET /v1/jobs HTTP/1.1\" 200 512 \"-\" \"-\" \(end)")
        let full = AnsweredRequest.Line(
            path: "/a", version: .http10, userAgent: "curl/8 \"x\"\n", referrer: "http://h/p?token=secret")
        #expect(
            Self.combined(Self.request(peer: .unixSocket(user: 7), principal: "a b", line: full))
                == "unix:7 - a%20b [10/Oct/2000:13:55:36 +0000] \"GET /a HTTP/1.0\" 200 512 \"http://h/p\" "
                + "\"curl/8 \\x22x\\x22\\x0A\" \(end)")
        #expect(
            Self.combined(
                Self.request(peer: .unixSocket(user: nil), principal: nil, method: nil, line: nil, status: nil))
                == "unix - - [10/Oct/2000:13:55:36 +0000] \"-\" - 512 \"-\" \"-\" \(end)")
    }

    @Test func jsonIsJSON() throws {
        let line = AnsweredRequest.Line(
            path: "/a\u{1B}", version: .http11, userAgent: "ü\n", referrer: "http://h/p?token=secret")
        let text = AccessLogFormat.json.line(Self.request(line: line, isWhole: false), at: Self.moment)
        #expect(!text.contains("\n") && !text.contains("\u{1B}") && !text.contains("secret"))
        #expect(
            try JSON(parsing: text) == [
                "time": "2000-10-10T13:55:36.250Z", "request_id": "0000abcd-000000000000002a", "peer": "192.0.2.1",
                "principal": "alice", "method": "GET", "path": "/a\u{1B}", "route": "/v1/jobs", "status": 200,
                "bytes": 512, "seconds": 1.002003, "complete": false, "referrer": "http://h/p", "user_agent": "ü\n",
            ])
        let bare = Self.request(principal: nil, method: nil, line: nil, status: nil)
        let json = try JSON(parsing: AccessLogFormat.json.line(bare, at: Self.moment))
        for name in ["principal", "method", "path", "route", "status", "user_agent"] {
            #expect(json[name] == .null, "\(name)")
        }
    }

    /// Whatever a client sends, a line is one line, and not a long one.
    @Test(arguments: AccessLogFormat.allCases) func aLineIsOneLine(format: AccessLogFormat) {
        let all = String(String.UnicodeScalarView((0..<0x300).compactMap { Unicode.Scalar($0) }))
        let long = String(repeating: "é", count: 10_000)
        for text in [all, long] {
            let line = AnsweredRequest.Line(path: text, version: .http11, userAgent: text, referrer: text)
            let written = format.line(Self.request(line: line), at: Self.moment)
            #expect(written.utf8.count < 30_000)
            #expect(written.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        }
    }
}
