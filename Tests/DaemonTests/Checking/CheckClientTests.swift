import API
import Daemon
import HTTP
import Jobs
import TestSupport
import Testing

@Suite struct CheckClientTests {
    private static let addresses = [
        "192.0.2.1", "192.0.2.2", "::ffff:192.0.2.1", "2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1", "::1",
        "127.0.0.1", "fe80::1",
    ]

    private static func peer(_ address: String, port: UInt16 = 1) -> Peer { .internet(address: address, port: port) }

    @Test(arguments: addresses) func withoutNamesAClientIsAsConnectionsAreCounted(address: String) {
        for other in Self.addresses {
            var connections = ClientConnections(limit: 1)
            _ = connections.open(Self.peer(address))
            let isSame = !connections.open(Self.peer(other))
            let clients = (
                CheckClient(.anonymous, from: Self.peer(address)),
                CheckClient(.anonymous, from: Self.peer(other, port: 2))
            )
            #expect((clients.0 == clients.1) == isSame, "\(address) and \(other)")
        }
    }

    @Test func usersOfAUnixSocketAreToldApart() {
        let users: [UInt32?] = [nil, 0, 1000]
        let clients = Set(users.map { CheckClient(.anonymous, from: .unixSocket(user: $0)) })
        #expect(clients == [.user(nil), .user(0), .user(1000)])
    }

    @Test func whatIsNotAnAddressIsAClientOfItsOwn() {
        let clients = Set(["", "a", "b"].map { CheckClient(.anonymous, from: Self.peer($0)) })
        #expect(clients.count == 3)
    }

    @Test func aNameIsTheSameClientFromEverywhere() throws {
        var random = SeededGenerator(seed: 3)
        func principal(_ name: String) throws -> Principal {
            Principal(try Token(BearerToken(using: &random), role: .submitter, name: name, created: .init(seconds: 1)))
        }
        let (one, again, other) = (try principal("alice"), try principal("alice"), try principal("bob"))
        let peers = [Self.peer("192.0.2.1"), Self.peer("2001:db8::1"), .unixSocket(user: 1000)]
        #expect(Set(peers.flatMap { [CheckClient(one, from: $0), CheckClient(again, from: $0)] }) == [.name("alice")])
        #expect(CheckClient(other, from: peers[0]) == .name("bob"))
        #expect(CheckClient(Principal(user: 0), from: .unixSocket(user: 0)) == .name("uid:0"))
    }
}
