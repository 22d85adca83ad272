import HTTP
import HTTPTypes
import Testing

@Suite struct BodyRuleTests {
    private func code(_ rule: BodyRule, _ fields: String) throws -> HTTPError.Code? {
        let (head, request) = try #require(try parse("POST / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n"))
        return rule.error(request, announcesBody: head.announcesBody, framing: head.framing)?.code
    }

    private static let json = ["application/json", "text/json"]
    private static let required = BodyRule.required(types: json)
    private static let optional = BodyRule.optional(types: json)

    @Test(
        arguments: [
            (required, "", .lengthRequired), (optional, "", nil), (BodyRule.any, "", nil), (.ignored, "", nil),
            (required, "Content-Length: 2\r\n", .unsupportedMediaType),
            (optional, "Content-Length: 2\r\n", .unsupportedMediaType),
            (optional, "Content-Length: 0\r\n", nil),
            (required, "Content-Length: 2\r\nContent-Type: application/json\r\n", nil),
            (required, "Content-Length: 0\r\nContent-Type: application/json\r\n", nil),
            (required, "Transfer-Encoding: chunked\r\nContent-Type: Text/JSON ; charset=utf-8\r\n", nil),
            (required, "Content-Length: 2\r\nContent-Type: application/jsonx\r\n", .unsupportedMediaType),
            (
                required, "Content-Length: 2\r\nContent-Type: text/json\r\nContent-Type: text/json\r\n",
                .unsupportedMediaType
            ),
            (
                required, "Content-Length: 2\r\nContent-Type: text/json\r\nContent-Encoding: gzip\r\n",
                .unsupportedMediaType
            ),
            (required, "Content-Length: 2\r\nContent-Type: text/json\r\nContent-Encoding: Identity\r\n", nil),
            (BodyRule.any, "Content-Length: 2\r\nContent-Encoding: gzip\r\n", nil),
        ] as [(BodyRule, String, HTTPError.Code?)])
    func eachRuleTakesItsBodies(rule: BodyRule, fields: String, expected: HTTPError.Code?) throws {
        #expect(try code(rule, fields) == expected)
    }
}
