import Foundation
import Testing
import Transfer

@Suite struct TransferClientTests {
    @Test func aRequestAndItsAnswerOverBothTransports() async throws {
        try await FileServer.run { server in
            for client in [server.tcp, server.unix] {
                let large = [UInt8](repeating: 65, count: 3_000_000)
                for body in [[], Array("hello".utf8), large] {
                    let reply = try client.send(
                        TransferRequest("POST", "/echo", fields: [("Content-Type", "x/y")], body: body))
                    #expect(reply.status == 201)
                    #expect(reply.field("content-type") == "x/y")
                    #expect(reply.body == body)
                }
                let refused = try client.send(TransferRequest("GET", "/refused"))
                #expect(refused.status == 409 && refused.body == Array("no".utf8))
            }
        }
    }

    @Test func aStreamHandsOnOnlyASuccess() async throws {
        try await FileServer.run { server in
            var received: [UInt8] = []
            let whole = try server.tcp.stream(TransferRequest("GET", "/whole")) { received.append(contentsOf: $0) }
            #expect(whole.status == 200 && received == FileServer.content)
            let refused = try server.tcp.stream(TransferRequest("GET", "/refused")) { _ in Issue.record("handed on") }
            #expect(refused.status == 409 && refused.body == Array("no".utf8))
            #expect(throws: Stop.self) {
                try server.tcp.stream(TransferRequest("GET", "/whole")) { _ in throw Stop() }
            }
        }
    }

    @Test func failuresAreTold() async throws {
        try await FileServer.run { server in
            let stalled = #expect(throws: TransferError.self) {
                try server.tcp.send(TransferRequest("GET", "/stalled", timeout: 0.05))
            }
            #expect(stalled?.code == .timedOut)
        }
        let nobody = #expect(throws: TransferError.self) {
            try TransferClient(address: "unix:/nonexistent/socket").send(TransferRequest("GET", "/"))
        }
        #expect(nobody?.code == .unreachable)
        for address in ["", "ftp://host", "localhost:8470", "http://a b", "unix:"] {
            let bad = #expect(throws: TransferError.self) { try TransferClient(address: address) }
            #expect(bad?.code == .badAddress)
        }
    }

    /// The address that is connected to is what counts, whatever the name: localhost leads to loopback.
    @Test func anAddressThatIsNotAllowedIsNotConnectedTo() async throws {
        try await FileServer.run { server in
            let port = server.tcp.base.split(separator: ":").last ?? ""
            for host in ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "0"] {
                let client = try TransferClient(address: "http://\(host):\(port)", policy: AddressPolicy())
                let error = #expect(throws: TransferError.self, "\(host)") {
                    try client.send(TransferRequest("GET", "/whole", timeout: 20))
                }
                #expect(error?.code == .forbiddenAddress, "\(host): \(error?.description ?? "")")
            }
            let allowed = AddressPolicy(allowed: [try #require(IPNetwork("127.0.0.0/8"))])
            let client = try TransferClient(address: server.tcp.base, policy: allowed)
            #expect(try client.send(TransferRequest("GET", "/whole", timeout: 20)).body == FileServer.content)
        }
    }

    @Test(arguments: [
        ("http://127.0.0.1:8470", true), ("http://127.1.2.3", true), ("http://localhost:1", true),
        ("https://LocalHost", true), ("http://[::1]:8470/x", true), ("unix:/s", true), ("http://10.0.0.1", false),
        ("http://localhost.example", false), ("https://tpud.example/127.0.0.1", false), ("http://[::2]", false),
        ("http://127.0.0.1.example:8470", false),
    ])
    func whatIsOnThisMachineIsKnown(address: String, isLocal: Bool) throws {
        #expect(try TransferClient(address: address).isLocal == isLocal)
    }

    @Test func noMoreOfAnAnswerIsReadThanIsAskedFor() async throws {
        try await FileServer.run { server in
            for limit in [1, 1000, FileServer.content.count, FileServer.content.count + 1] {
                var request = TransferRequest("GET", "/whole")
                request.longestAnswer = limit
                let reply = try server.tcp.send(request)
                #expect(reply.status == 200 && reply.body == Array(FileServer.content.prefix(limit)))
            }
        }
    }

    @Test func aTransferIsGivenUpWhenItIsAskedTo() async throws {
        try await FileServer.run { server in
            var request = TransferRequest("GET", "/stalled", timeout: 60)
            request.isCancelled = { true }
            let error = #expect(throws: TransferError.self) { try server.tcp.send(request) }
            #expect(error?.code == .stopped)
        }
    }

    private struct Stop: Error {}

    @Test(arguments: [
        ("http://127.0.0.1:8470", "http://127.0.0.1:8470", String?.none), ("http://h/", "http://h", nil),
        ("https://h:1", "https://h:1", nil), ("unix:/run/s", "http://localhost", "/run/s"),
        ("unix:s", "http://localhost", "s"),
    ])
    func anAddressIsAURLOrASocket(address: String, base: String, socket: String?) throws {
        let client = try TransferClient(address: address)
        #expect((client.base, client.unixSocket) == (base, socket))
    }
}
