import HTTP
import HTTPTypes
import Testing

@Suite struct ProblemDocumentTests {
    private func text(_ response: Response) -> String {
        if case .bytes(let bytes) = response.body { String(decoding: bytes, as: UTF8.self) } else { "" }
    }

    @Test func tellsWhatTheErrorKnows() {
        let error = HTTPError(.methodNotAllowed, "this path allows GET", fields: [.allow: "GET"])
        let context = ProblemContext(requestID: RequestID(run: 0xab, number: 7), path: "/a")
        let response = ProblemDocument.response(error, context)
        #expect(response.status == .methodNotAllowed)
        #expect(response.fields[.allow] == "GET")
        #expect(response.fields[.contentType] == "application/problem+json")
        let expected = [
            #"{"type":"about:blank","title":"Method Not Allowed","status":405,"detail":"this path allows GET","#,
            #""code":"METHOD_NOT_ALLOWED","instance":"/a","request_id":"000000ab-0000000000000007"}"#, "\n",
        ]
        #expect(text(response) == expected.joined())
    }

    @Test(arguments: [
        ("a\"b", #"a\"b"#), ("a\\b", #"a\\b"#), ("<b>&", #"\u003cb\u003e\u0026"#), ("\n\u{7f}", #"\u000a\u007f"#),
        ("é€", "é€"),
    ])
    func whatAClientSentIsNoMarkup(path: String, written: String) {
        let context = ProblemContext(requestID: RequestID(run: 0, number: 0), path: path)
        let response = ProblemDocument.response(HTTPError(.notFound, path), context)
        #expect(text(response).contains("\"instance\":\"\(written)\""))
        #expect(text(response).contains("\"detail\":\"\(written)\""))
    }
}
