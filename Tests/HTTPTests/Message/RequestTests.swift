import HTTP
import HTTPTypes
import Testing

@Suite struct RequestTests {
    private func request(_ fields: String) throws -> Request {
        let head = "GET /a?b HTTP/1.1\r\nHost: h\r\n"
        let storage = RequestStorage()
        let bytes = Array(head.utf8) + Array(fields.utf8) + [0x0d, 0x0a]
        _ = try #require(try HeadParser().parse(bytes.span, into: storage))
        return Request(storage)
    }

    @Test func linesOfOneFieldAreJoined() throws {
        let request = try request("Accept: a\r\nX: 1\r\naccept: b\r\nACCEPT:\r\n")
        #expect(request.field(.accept) == "a, b, ")
        #expect(request.count(of: .accept) == 3)
        #expect(request.field(.contentType) == nil)
        #expect(request.count(of: .contentType) == 0)
        #expect(request.fields.map(\.value) == ["h", "a", "1", "b", ""])
    }

    @Test func aLongerNameIsAnotherField() throws {
        let request = try request("Accept-Encoding: gzip\r\n")
        #expect(request.field(.accept) == nil)
        #expect(request.field(.acceptEncoding) == "gzip")
    }

    @Test func bytesThatAreNotUTF8AreCharactersOfTheirOwn() throws {
        let storage = RequestStorage()
        let bytes = Array("GET / HTTP/1.1\r\nHost: h\r\nAccept: ".utf8) + [0xe9, 0x0d, 0x0a, 0x0d, 0x0a]
        _ = try HeadParser().parse(bytes.span, into: storage)
        #expect(Request(storage).field(.accept) == "é")
    }
}
