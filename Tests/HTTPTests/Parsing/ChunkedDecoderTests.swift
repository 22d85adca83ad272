import HTTP
import HTTPProperties
import HTTPTypes
import Testing

@Suite struct ChunkedDecoderTests {
    private func decode(_ text: String) -> ParserProperties.Chunks {
        let bytes = Array(text.utf8)
        return ParserProperties.chunks(bytes, cut: bytes.count)
    }

    @Test func takesTheCodingOffAndStopsAtTheEnd() {
        let result = decode("5;a=b\r\nhello\r\n0A\r\n, world!!!\r\n0\r\nX-T: 1\r\nHost: evil\r\n\r\nGET /")
        #expect(String(decoding: result.body, as: UTF8.self) == "hello, world!!!")
        #expect(result.isComplete)
        #expect(result.used == "5;a=b\r\nhello\r\n0A\r\n, world!!!\r\n0\r\nX-T: 1\r\nHost: evil\r\n\r\n".utf8.count)
        // Host means nothing after a body and is left out.
        #expect(result.trailers == HTTPFields([HTTPField(name: HTTPField.Name("X-T")!, value: "1")]))
    }

    @Test(arguments: [
        ("\r\n", HTTPError.Code.badFraming, "no size"), ("g\r\n", .badFraming, "no digit"),
        ("+5\r\n", .badFraming, "a sign"), ("0x5\r\n", .badFraming, "a prefix"), ("5 \r\n", .badFraming, "a space"),
        ("5 x\r\n", .badFraming, "a word"), ("5\n", .badFraming, "bare LF"), ("5\rx", .malformedRequest, "bare CR"),
        ("1\r\nab", .badFraming, "too long"), ("1\r\na\rb", .malformedRequest, "bare CR after data"),
        ("1\r\na\r\n\r\n", .badFraming, "an empty line between"), ("5;\0\r\n", .badFraming, "NUL in an extension"),
        ("ffffffffffffffff\r\n", .bodyTooLarge, "overflow"), ("1389\r\n", .bodyTooLarge, "one over the limit"),
        ("0\r\nA: b\n\r\n", .malformedRequest, "bare LF in a trailer"),
        ("0\r\nA : b\r\n\r\n", .malformedRequest, "bad trailer"),
        ("0\r\n a: b\r\n\r\n", .malformedRequest, "folded trailer"),
    ])
    func refuses(text: String, code: HTTPError.Code, reason: String) {
        #expect(decode(text).error == code, "\(reason)")
    }

    @Test func chunksTogetherAreHeldToTheLimit() {
        let chunk = "3e8\r\n" + String(repeating: "x", count: 1_000) + "\r\n"
        #expect(decode(String(repeating: chunk, count: 5)).error == nil)
        #expect(decode(String(repeating: chunk, count: 5) + "1\r\n").error == .bodyTooLarge)
    }

    @Test func sizeLinesAndTrailersAreHeldToTheirLimits() {
        #expect(decode("5;" + String(repeating: "a", count: 40)).error == .badFraming)
        #expect(decode(String(repeating: "0", count: 41)).error == .badFraming)
        #expect(decode("0\r\n" + String(repeating: "A: bcdef\r\n", count: 80)).error == .fieldsTooLarge)
        #expect(decode("0\r\n" + String(repeating: "A: b\r\n", count: 13) + "\r\n").error == .fieldsTooLarge)
    }
}
