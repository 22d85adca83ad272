import HTTP
import Testing

@Suite struct OriginCheckTests {
    private static let hosts = HostPolicy(names: ["tpud.example"], listen: [])
    private static let browser = Peer.internet(address: "192.0.2.1", port: 5)

    private func request(_ method: String, _ fields: String, peer: Peer = browser) throws -> Request {
        let storage = RequestStorage()
        storage.peer = peer
        let version = fields.contains("Host") ? "1.1" : "1.0"
        let bytes = Array("\(method) /a HTTP/\(version)\r\n\(fields)\r\n".utf8)
        _ = try #require(try HeadParser().parse(bytes.span, into: storage))
        return Request(storage)
    }

    private static let host = "Host: tpud.example\r\n"

    @Test(
        arguments: [
            ("GET", host, nil), ("GET", "", nil), ("GET", "Host: evil.example\r\n", .misdirected),
            ("GET", "Host:\r\n", .misdirected), ("POST", "Host: evil.example\r\n", .misdirected), ("POST", host, nil),
            ("POST", host + "Origin: http://tpud.example\r\n", nil),
            ("POST", host + "Origin: http://evil.example\r\n", .foreignOrigin),
            ("POST", host + "Origin: null\r\n", .foreignOrigin),
            ("DELETE", host + "Origin: http://evil.example\r\n", .foreignOrigin),
            ("GET", host + "Origin: http://evil.example\r\n", nil),
            ("PUT", host + "Sec-Fetch-Site: cross-site\r\n", .foreignOrigin),
            ("PUT", host + "Sec-Fetch-Site: same-site\r\n", .foreignOrigin),
            ("PUT", host + "Sec-Fetch-Site: same-origin\r\n", nil), ("PUT", host + "Sec-Fetch-Site: none\r\n", nil),
            ("GET", host + "Sec-Fetch-Site: cross-site\r\n", nil),
        ] as [(String, String, HTTPError.Code?)])
    func browsersDoOnlyWhatTheirPageMay(method: String, fields: String, code: HTTPError.Code?) throws {
        var check = OriginCheck(hosts: Self.hosts, hint: "set hosts")
        // Asked twice: what is remembered of a host changes nothing.
        for _ in 0..<2 { #expect(check.error(try request(method, fields))?.code == code) }
        #expect(check.error(try request(method, fields, peer: .unixSocket(user: 0))) == nil)
    }

    @Test func anAbsoluteTargetGoesBeforeHost() throws {
        var check = OriginCheck(hosts: Self.hosts, hint: "")
        let storage = RequestStorage()
        storage.peer = Self.browser
        let bytes = Array("GET http://evil.example/ HTTP/1.1\r\n\(Self.host)\r\n".utf8)
        _ = try HeadParser().parse(bytes.span, into: storage)
        #expect(check.error(Request(storage))?.code == .misdirected)
    }

    @Test func oneKnownHostDoesNotLetAnotherIn() throws {
        var check = OriginCheck(hosts: Self.hosts, hint: "set hosts")
        #expect(check.error(try request("GET", Self.host)) == nil)
        let error = check.error(try request("GET", "Host: evil.example\r\n"))
        #expect(error?.detail == "this server does not answer for the host of this request; set hosts")
    }
}
