import HTTP
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
        #expect(ClientKey(.unixSocket(user: 7)) != .token("7"))
    }
}
