import HTTP
import Testing

@Suite struct RequestTargetTests {
    private func target(_ text: String, _ method: String = "GET") throws(HTTPError) -> Request? {
        try parse("\(method) \(text) HTTP/1.1\r\nHost: h\r\n\r\n")?.1
    }

    @Test(arguments: [
        ("/", "/", "/"), ("/a?b=c", "/a", "/a?b=c"), ("/a?", "/a", "/a?"), ("/a?b?c", "/a", "/a?b?c"),
        ("/%20/", "/%20/", "/%20/"), ("http://h/a?b", "/a", "/a?b"), ("HTTP://h:80/a", "/a", "/a"),
        ("https://[::1]/", "/", "/"), ("http://h", "/", "/"), ("http://h?q=/", "/", "/?q=/"),
        ("//a", "//a", "//a"),
    ])
    func findsPathAndQuery(text: String, path: String, whole: String) throws {
        let request = try #require(try target(text))
        #expect(request.path == path)
        #expect(request.target == whole)
    }

    @Test func theServerItselfIsAskedForItsOptions() throws {
        #expect(try target("*", "OPTIONS")?.path == "*")
    }

    @Test(
        arguments: [
            ("*", "GET", .badTarget), ("*a", "OPTIONS", .badTarget), ("/%zz", "GET", .badTarget),
            ("/a?%4", "GET", .badTarget), ("/%", "GET", .badTarget), ("a", "GET", .badTarget),
            ("file:///etc/passwd", "GET", .badTarget), ("http://", "GET", .badTarget), ("http:///a", "GET", .badTarget),
            ("http://u@h/", "GET", .badTarget), ("https:h", "GET", .badTarget), ("h:1", "CONNECT", .notImplemented),
        ] as [(String, String, HTTPError.Code)])
    func refuses(text: String, method: String, code: HTTPError.Code) {
        let error = #expect(throws: HTTPError.self) { _ = try target(text, method) }
        #expect(error?.code == code)
    }
}
