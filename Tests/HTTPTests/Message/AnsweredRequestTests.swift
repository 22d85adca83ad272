import HTTP
import HTTPTypes
import Reactor
import Synchronization
import Testing

/// What an access log is told of each request.
@Suite(.timeLimit(.minutes(10))) struct AnsweredRequestTests {
    private static let routes = [
        Route(
            .get, "/a/{b}", admits: { _ in .admitted(bearer: "t", principal: "alice") },
            .immediate { _ in Response(.ok, type: "text/plain", Array("12345".utf8)) }),
        Route(
            .get, "/stream",
            .immediate { _ in
                Response(
                    .ok,
                    body: .stream(length: nil) { writer in
                        try await writer.write(Array("123".utf8))
                        try await writer.write(Array("4567".utf8))
                    })
            }),
        Route(
            .get, "/stuck",
            .async { _ in
                try await Task.sleep(for: .seconds(3600))
                return Response(.ok)
            }),
        Route(
            .get, "/no", admits: { _ in .refused(HTTPError(.forbidden, "not you")) }, .immediate { _ in Response(.ok) }),
    ]

    /// What is told of the requests of a text that is sent as it is.
    private func told(_ text: String, count: Int, leaves: Bool = false) async throws -> [AnsweredRequest] {
        let seen = Mutex<[AnsweredRequest]>([])
        try await withServer(
            Self.routes, configure: { $0.finished = { request in seen.withLock { $0.append(request) } } }
        ) { test in
            do {
                let client = try await test.connect()
                try await client.send(text)
                if !leaves { try await test.until { seen.withLock { $0.count >= count } } }
            }
        }
        return seen.withLock { $0 }
    }

    @Test func aRequestIsToldWithItsAnswer() async throws {
        let all = try await told(
            "GET /a/b?token=secret HTTP/1.1\r\nHost: h\r\nUser-Agent: me\r\nReferer: http://r/\r\n\r\n"
                + "HEAD /a/b HTTP/1.1\r\nHost: h\r\n\r\nGET /stream HTTP/1.1\r\nHost: h\r\n\r\n", count: 3)
        let first = all[0]
        #expect(first.status == 200 && first.bodyBytes == 5 && first.isWhole && first.method == .get)
        #expect(first.template == "/a/{b}" && first.principal == "alice")
        #expect(first.line?.path == "/a/b" && first.line?.userAgent == "me" && first.line?.referrer == "http://r/")
        #expect(all[1].method == .head && all[1].bodyBytes == 0 && all[1].id != first.id)
        #expect(all[2].bodyBytes == 7 && all[2].principal == nil && all[2].line?.userAgent == nil)
        guard case .internet("127.0.0.1", _) = first.peer else {
            Issue.record("it came over TCP")
            return
        }
    }

    @Test func whatIsRefusedIsTold() async throws {
        let all = try await told(
            "GET /no HTTP/1.1\r\nHost: h\r\n\r\nGET /nothing HTTP/1.1\r\nHost: h\r\n\r\nnonsense\r\n\r\n", count: 3)
        #expect(all.map(\.status) == [403, 404, 400])
        #expect(all.map(\.template) == ["/no", nil, nil])
        #expect(all.map { $0.line?.path } == ["/no", "/nothing", nil])
        #expect(all.allSatisfy { $0.principal == nil && $0.bodyBytes > 0 })
    }

    /// One whose client goes before there is an answer has none.
    @Test func whatIsBrokenOffIsTold() async throws {
        let all = try await told("GET /stuck HTTP/1.1\r\nHost: h\r\n\r\n", count: 1, leaves: true)
        #expect(all.map(\.status) == [nil] && all.map(\.isWhole) == [false])
    }
}
