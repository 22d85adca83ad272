import HTTP
import Testing

@Suite struct ClientConnectionsTests {
    private static func peer(_ address: String) -> Peer { .internet(address: address, port: 1) }

    @Test func aClientHasAsManyAsItMay() {
        var connections = ClientConnections(limit: 2)
        let (one, other) = (Self.peer("192.0.2.1"), Self.peer("192.0.2.2"))
        #expect(connections.open(one) && connections.open(one) && !connections.open(one))
        #expect(connections.open(other))
        connections.close(one)
        #expect(connections.open(one) && !connections.open(one))
        #expect(connections.clients == 2)
        for _ in 0..<2 { connections.close(one) }
        connections.close(other)
        #expect(connections.clients == 0)
    }

    static let pairs: [(String, String, isSame: Bool)] = [
        ("2001:db8::1", "2001:db8::ffff:1", true), ("2001:db8::1", "2001:db8:0:1::1", false),
        ("192.0.2.1", "::ffff:192.0.2.1", true), ("::1", "127.0.0.1", false), ("192.0.2.1", "192.0.2.1", true),
    ]

    @Test(arguments: pairs.indices) func aClientIsAnAddressOrASite(_ index: Int) {
        let (left, right, isSame) = Self.pairs[index]
        var connections = ClientConnections(limit: 1)
        #expect(connections.open(Self.peer(left)))
        #expect(connections.open(Self.peer(right)) != isSame)
    }

    @Test func unixSocketsAndNoLimitHaveNone() {
        var connections = ClientConnections(limit: 1)
        for _ in 0..<9 { #expect(connections.open(.unixSocket(user: 0))) }
        var unlimited = ClientConnections(limit: nil)
        for _ in 0..<9 { #expect(unlimited.open(Self.peer("192.0.2.1"))) }
        #expect(connections.clients == 0 && unlimited.clients == 0)
    }
}
