import HTTP
import HTTPTypes
import Testing

@Suite struct ClientKeyTests {
    private static func at(_ address: String) -> ClientKey { ClientKey(.internet(address: address, port: 1)) }

    private static let pairs: [(String, String, isSame: Bool)] = [
        ("2001:db8::1", "2001:db8::ffff:1", true), ("2001:db8::1", "2001:db8:0:1::1", false),
        ("192.0.2.1", "::ffff:192.0.2.1", true), ("::1", "127.0.0.1", false), ("192.0.2.1", "192.0.2.1", true),
        ("192.0.2.1", "192.0.2.2", false),
    ]

    @Test(arguments: pairs) func anAddressOrASiteIsOneClient(left: String, right: String, isSame: Bool) {
        #expect((Self.at(left) == Self.at(right)) == isSame)
    }

    @Test func aUserIsOneOfThisMachine() {
        #expect(ClientKey(.unixSocket(user: 7)) == .user(7))
        #expect(ClientKey(.unixSocket(user: nil)) != .user(0))
        #expect(ClientKey(.unixSocket(user: 7)) != .name("7"))
    }

    @Test func whatIsNotAnAddressIsAClientOfItsOwn() {
        #expect(Set(["", "a", "b"].map(Self.at)).count == 3)
    }

    /// A request's client is the name that its token has, or where it comes from.
    @Test func aTokenHasAName() async throws {
        let admits: @Sendable (Request) -> Admittance = { request in
            let token = request.field(.authorization)
            return .admitted(bearer: token, principal: token == nil ? "anonymous" : "alice")
        }
        let route = Route(
            .post, "/who", body: .optional(types: ["text/plain"]), admits: admits,
            .immediate { .text("\($0.client == .name("alice")) \($0.client == Self.at("127.0.0.1"))") })
        try await withServer([route]) { test in
            for (fields, body) in [("Authorization: t\r\n", "true false"), ("", "false true")] {
                let client = try await test.connect()
                let reply = try await client.ask(
                    "POST /who HTTP/1.1\r\nHost: h\r\n\(fields)Content-Type: text/plain\r\nContent-Length: 1\r\n\r\nx")
                #expect(reply?.body == body)
            }
        }
    }
}
