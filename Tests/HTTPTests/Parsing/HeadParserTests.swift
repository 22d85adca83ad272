import HTTP
import HTTPTypes
import Testing

/// What a head comes to: read, incomplete, or refused.
func parse(_ text: String, limits: ServerConfiguration.Limits = .init()) throws(HTTPError) -> (RequestHead, Request)? {
    let storage = RequestStorage()
    guard let head = try HeadParser(limits: limits).parse(Array(text.utf8).span, into: storage) else { return nil }
    return (head, Request(storage))
}

@Suite struct HeadParserTests {
    @Test func readsARequest() throws {
        let text = "GET /a%20b/c?x=1 HTTP/1.1\r\nHost: h\r\nX-One:  1 \t\r\nx-one: two\r\nEmpty:\r\n\r\nrest"
        let (head, request) = try #require(try parse(text))
        #expect(head.byteCount == text.utf8.count - 4)
        #expect(request.method == .get)
        #expect(request.path == "/a%20b/c")
        #expect(request.target == "/a%20b/c?x=1")
        #expect(request.version == .http11)
        #expect(request.field(HTTPField.Name("X-ONE")!) == "1, two")
        #expect(request.count(of: HTTPField.Name("x-one")!) == 2)
        #expect(request.field(HTTPField.Name("Empty")!) == "")
        #expect(request.field(.accept) == nil)
        #expect(request.fields.count == 4)
        #expect(head.framing == .none)
        #expect(head.persistent)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: h\r\n", Framing.none, true, false),
        ("GET / HTTP/1.1\r\nHost: h\r\nConnection: a, CLOSE\r\n", .none, false, false),
        ("GET / HTTP/1.0\r\n", .none, false, false),
        ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n", .none, true, false),
        ("GET / HTTP/1.9\r\nHost: h\r\n", .none, true, false),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0012\r\n", .length(12), true, false),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nExpect: 100-continue\r\n", .none, true, false),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n", .length(5), true, true),
        ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n", .chunked, true, false),
        ("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n", .length(5), false, false),
        ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999999\r\n", .length(.max), true, false),
    ])
    func framesAndKeeps(text: String, framing: Framing, persistent: Bool, expects: Bool) throws {
        let (head, _) = try #require(try parse(text + "\r\n"))
        #expect(head.framing == framing)
        #expect(head.persistent == persistent)
        #expect(head.expectsContinue == expects)
    }

    @Test(arguments: [
        ("GET /x y HTTP/1.1\r\nHost: h\r\n\r\n", HTTPError.Code.malformedRequest, "space in the target"),
        ("GET / HTTP/1.1\r\nHost: h\r\n\n", .malformedRequest, "bare LF at the end"),
        ("GET / HTTP/1.1\nHost: h\r\n\r\n", .malformedRequest, "bare LF after the request line"),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n", .malformedRequest, "obs-fold"),
        ("GET / HTTP/1.1\r\nHost: h\r\nA : b\r\n\r\n", .malformedRequest, "space before the colon"),
        ("GET / HTTP/1.1\r\nHost: h\r\nA: b\rc\r\n\r\n", .malformedRequest, "bare CR"),
        ("GET / HTTP/1.1\r\nHost: h\r\n: b\r\n\r\n", .malformedRequest, "empty name"),
        ("GET / HTTP/1.1\r\n\r\n", .badHost, "no Host"),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", .badHost, "two Hosts"),
        ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .badHost, "a path for a host"),
        ("GET / HTTP/2.0\r\nHost: h\r\n\r\n", .versionNotSupported, "major version 2"),
        ("GET / http/1.1\r\nHost: h\r\n\r\n", .malformedRequest, "version in small letters"),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", .badFraming, "two lengths"),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: +5\r\n\r\n", .badFraming, "a sign"),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5, 5\r\n\r\n", .badFraming, "a list"),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length:\r\n\r\n", .badFraming, "empty length"),
        (
            "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999x\r\n\r\n", .badFraming,
            "long and no number"
        ),
        ("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", .badFraming, "both"),
        ("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .notImplemented, "another coding"),
        ("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", .badFraming, "chunked not last"),
        ("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", .badFraming, "chunked twice"),
        ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .badFraming, "chunked in 1.0"),
        ("GET / HTTP/1.1\r\nHost: h\r\nExpect: more\r\n\r\n", .expectationFailed, "unknown expectation"),
        ("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget, "percent without digits"),
        ("GET * HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget, "* with GET"),
        ("GET file:///etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget, "another scheme"),
        ("GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n", .badTarget, "a user"),
        ("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", .notImplemented, "CONNECT"),
        ("\u{16}\u{3}\u{1}", .malformedRequest, "a TLS hello"),
        ("GET  / HTTP/1.1\r\n", .malformedRequest, "two spaces"),
    ])
    func refuses(text: String, code: HTTPError.Code, reason: String) {
        let error = #expect(throws: HTTPError.self, "\(reason)") { _ = try parse(text) }
        #expect(error?.code == code, "\(reason)")
    }

    @Test func everyLimitHasItsAnswer() {
        var limits = ServerConfiguration.Limits()
        limits.requestLine = 40
        limits.fieldLine = 30
        limits.fieldCount = 3
        limits.head = 70
        let start = "GET / HTTP/1.1\r\nHost: h\r\n"
        let cases: [(String, HTTPError.Code)] = [
            ("GET /" + String(repeating: "a", count: 40), .targetTooLong),
            (String(repeating: "A", count: 41), .targetTooLong),
            (start + "A: " + String(repeating: "b", count: 30), .fieldsTooLarge),
            (start + String(repeating: "a", count: 31), .fieldsTooLarge),
            (start + "A: b\r\nA: b\r\nA: b\r\n", .fieldsTooLarge),
            (
                start + "A: " + String(repeating: "b", count: 20) + "\r\nC: " + String(repeating: "d", count: 20)
                    + "\r\n\r\n",
                .fieldsTooLarge
            ),
        ]
        for (text, code) in cases {
            let error = #expect(throws: HTTPError.self, "\(text)") { _ = try parse(text, limits: limits) }
            #expect(error?.code == code, "\(text)")
        }
    }
}
