import HTTP
import Testing

@Suite struct HostPolicyTests {
    private static let listen = [ListenAddress.tcp(host: "192.0.2.7", port: 8470)]
    private static let policy = HostPolicy(names: ["tpud.example"], listen: listen)

    @Test(
        arguments: [
            ("127.0.0.1", true), ("127.0.0.1:8470", true), ("127.9.9.9", true), ("[::1]:8470", true), ("[::1]", true),
            ("[::ffff:127.0.0.1]", true), ("localhost", true), ("LOCALHOST:1", true), ("localhost.", true),
            ("192.0.2.7", true), ("192.0.2.7:9", true), ("tpud.example", true), ("TPUD.Example.:8470", true),
            // Another name that leads here is what DNS rebinding looks like.
            ("192.0.2.8", false), ("example", false), ("evil.tpud.example", false), ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false), ("", false), ("[::1", false), ("[::2]", false), ("[127.0.0.1]", false),
            (".", false),
        ])
    func answersForItsOwnNamesOnly(_ host: String, _ isAnswered: Bool) {
        #expect(Self.policy.answers(for: host[...]) == isAnswered)
        #expect(HostPolicy.any.answers(for: host[...]))
        #expect(HostPolicy(names: ["*"], listen: []).answers(for: host[...]))
    }

    @Test func whoListensEverywhereAnswersForEveryAddressAndNoOtherName() {
        let policy = HostPolicy(names: [], listen: [.tcp(host: "::", port: 1)])
        #expect(policy.answers(for: "192.0.2.8:1"))
        #expect(policy.answers(for: "[2001:db8::1]"))
        #expect(!policy.answers(for: "tpud.example"))
    }

    @Test(
        arguments: [
            ("http://127.0.0.1:8470", "127.0.0.1:8470", true), ("http://localhost", "localhost:80", true),
            ("https://localhost", "localhost:443", true), ("http://tpud.example:1", "127.0.0.1:8470", true),
            ("http://[::1]:8470", "[::1]:8470", true),
            ("http://127.0.0.1:8471", "127.0.0.1:8470", false), ("http://localhost", "127.0.0.1", false),
            ("http://evil.example", "127.0.0.1:8470", false), ("null", "127.0.0.1:8470", false),
            ("file://", "127.0.0.1", false), ("http://", "127.0.0.1", false), ("", "127.0.0.1", false),
        ])
    func trustsPagesOfItsOwnOnly(_ origin: String, _ authority: String, _ isTrusted: Bool) {
        #expect(Self.policy.trusts(origin: origin, authority: authority[...]) == isTrusted)
    }

    @Test(
        arguments: [
            (ListenAddress.tcp(host: "127.0.0.1", port: 1), true), (.tcp(host: "::1", port: 1), true),
            (.unix(path: "/run/tpud.sock", mode: 0o660), true), (.tcp(host: "0.0.0.0", port: 1), false),
            (.tcp(host: "192.0.2.7", port: 1), false), (.tcp(host: "localhost", port: 1), false),
        ] as [(ListenAddress, Bool)])
    func knowsWhatOtherMachinesReach(_ address: ListenAddress, _ isLocal: Bool) {
        #expect(address.isLocal == isLocal)
    }
}
