import HTTP
import HTTPTypes
import Testing

@Suite struct ResponseHeadTests {
    private func context(
        _ version: HTTPVersion = .http11, isHead: Bool = false, closes: Bool = false, duration: Duration? = nil
    ) -> ResponseHead.Context {
        .init(
            fixed: Array("Date: D\r\nServer: s\r\n".utf8), version: version, isHead: isHead,
            closes: closes, requestID: RequestID(run: 1, number: 2), duration: duration)
    }

    private func write(_ response: Response, _ context: ResponseHead.Context) -> (lines: [String], AnswerFraming) {
        var output: [UInt8] = []
        let framing = ResponseHead.write(response, context, to: &output)
        let text = String(decoding: output, as: UTF8.self)
        #expect(text.hasSuffix("\r\n\r\n"))
        return (text.split(separator: "\r\n").map(String.init), framing)
    }

    private static let bytes = Response(.ok, type: "a/b", [1, 2, 3])
    private static let known = Response(.ok, body: .stream(length: 9) { _ in })
    private static let unknown = Response(.ok, body: .stream(length: nil) { _ in })

    @Test(
        arguments: [
            (bytes, .http11, false, .length(3), "Content-Length: 3"),
            (bytes, .http11, true, .none, "Content-Length: 3"),
            (known, .http10, false, .length(9), "Content-Length: 9"),
            (unknown, .http11, false, .chunked, "Transfer-Encoding: chunked"),
            (unknown, .http11, true, .none, "Transfer-Encoding: chunked"),
            (unknown, .http10, false, .untilClose, nil), (unknown, .http10, true, .none, nil),
            (Response(.ok), .http11, false, .none, "Content-Length: 0"),
            (Response(.noContent), .http11, false, .none, nil), (Response(.notModified), .http11, false, .none, nil),
            (Response(.noContent, body: .bytes([1])), .http11, false, .none, nil),
        ] as [(Response, HTTPVersion, Bool, AnswerFraming, String?)])
    func bodiesAreFramed(
        response: Response, version: HTTPVersion, isHead: Bool, framing: AnswerFraming, field: String?
    ) {
        let written = write(response, context(version, isHead: isHead))
        #expect(written.1 == framing)
        let fields = written.lines.filter { $0.hasPrefix("Content-Length:") || $0.hasPrefix("Transfer-Encoding:") }
        #expect(fields == [field].compactMap { $0 })
    }

    @Test(
        arguments: [
            (.http11, false, bytes, nil), (.http11, true, bytes, "Connection: close"),
            (.http10, false, bytes, "Connection: keep-alive"), (.http10, true, bytes, "Connection: close"),
            (.http10, false, unknown, "Connection: close"),
        ] as [(HTTPVersion, Bool, Response, String?)])
    func saysWhetherTheConnectionGoesOn(version: HTTPVersion, closes: Bool, response: Response, field: String?) {
        let written = write(response, context(version, closes: closes))
        #expect(written.lines.filter { $0.hasPrefix("Connection:") } == [field].compactMap { $0 })
    }

    @Test func whatTheServerSetsAHandlerDoesNot() throws {
        var response = Self.bytes
        response.fields[.contentLength] = "7"
        response.fields[.transferEncoding] = "gzip"
        response.fields[.connection] = "upgrade"
        response.fields[.date] = "yesterday"
        response.fields[try #require(HTTPField.Name("X-Mine"))] = "kept"
        let written = write(response, context())
        #expect(
            written.lines == [
                "HTTP/1.1 200 OK", "Date: D", "Server: s", "Content-Type: a/b", "X-Mine: kept",
                "X-Request-Id: 00000001-0000000000000002", "Content-Length: 3",
            ])
    }

    @Test func everyAnswerNamesItsRequest() {
        let lines = write(Response(.notFound), context()).lines
        #expect(lines.first == "HTTP/1.1 404 Not Found")
        #expect(lines.contains("X-Request-Id: 00000001-0000000000000002"))
        #expect(write(Response(.ok), context()).lines.contains("X-Request-Id: 00000001-0000000000000002"))
    }

    @Test(arguments: [0, 1, 9, 10, 99, 100, 12_345, Int64.max]) func numbersAreDecimal(number: Int64) {
        var output: [UInt8] = []
        ResponseHead.decimal(number, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "\(number)")
    }

    @Test(arguments: [(1, "1\r\n"), (15, "f\r\n"), (16, "10\r\n"), (65_535, "ffff\r\n")])
    func chunkSizesAreHexadecimal(size: Int, text: String) {
        var output: [UInt8] = []
        ResponseHead.chunkSize(size, to: &output)
        #expect(String(decoding: output, as: UTF8.self) == text)
    }

    @Test(
        arguments: [
            (.zero, "0.000"), (.microseconds(7), "0.007"), (.nanoseconds(1_999), "0.001"),
            (.microseconds(12_345), "12.345"), (.seconds(90), "90000.000"),
        ] as [(Duration, String)])
    func timeIsToldInMilliseconds(_ duration: Duration, _ milliseconds: String) {
        let lines = write(Self.bytes, context(duration: duration)).lines
        #expect(lines.filter { $0.hasPrefix("Server-Timing") } == ["Server-Timing: total;dur=\(milliseconds)"])
        #expect(!write(Self.bytes, context()).lines.contains { $0.hasPrefix("Server-Timing") })
    }
}
