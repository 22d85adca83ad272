import HTTP
import Testing

@Suite struct ClientConnectionsTests {
    private static func peer(_ address: String) -> Peer { .internet(address: address, port: 1) }

    /// How many of so many connections of a peer are taken.
    private static func opened(_ count: Int, _ peer: Peer, _ connections: inout ClientConnections) -> Int {
        var taken = 0
        for _ in 0..<count where connections.open(peer) { taken += 1 }
        return taken
    }

    @Test func aClientHasAsManyAsItMay() {
        var connections = ClientConnections(limit: 2)
        let (one, other) = (Self.peer("192.0.2.1"), Self.peer("192.0.2.2"))
        let first = Self.opened(3, one, &connections)
        let others = Self.opened(1, other, &connections)
        connections.close(one)
        let again = Self.opened(2, one, &connections)
        #expect(first == 2 && others == 1 && again == 1)
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
        let first = Self.opened(1, Self.peer(left), &connections)
        let second = Self.opened(1, Self.peer(right), &connections)
        #expect(first == 1 && second == (isSame ? 0 : 1))
    }

    @Test func unixSocketsAndNoLimitHaveNone() {
        var connections = ClientConnections(limit: 1)
        let local = Self.opened(9, .unixSocket(user: 0), &connections)
        var unlimited = ClientConnections(limit: nil)
        let remote = Self.opened(9, Self.peer("192.0.2.1"), &unlimited)
        #expect(local == 9 && remote == 9)
        #expect(connections.clients == 0 && unlimited.clients == 0)
    }
}
