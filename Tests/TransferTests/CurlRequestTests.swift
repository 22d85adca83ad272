import Testing
import Transfer

/// What libcurl hands over of an answer's head, seen in replies.
@Suite struct CurlRequestTests {
    @Test func namesOfFieldsAreInSmallLettersAndTheFirstOneCounts() async throws {
        try await FileServer.run { server in
            let reply = try server.tcp.send(TransferRequest("GET", "/whole"))
            #expect(reply.fields.allSatisfy { $0.name == $0.name.lowercased() })
            #expect(reply.field("content-type") == "application/octet-stream")
            #expect(reply.field("content-length") == "\(FileServer.content.count)")
            #expect(reply.field("Content-Type") == nil && reply.field("nothing") == nil)
        }
    }

    @Test func aHeadHasNoContent() async throws {
        try await FileServer.run { server in
            let reply = try server.tcp.send(TransferRequest("HEAD", "/whole"))
            #expect(reply.body.isEmpty)
            #expect(reply.status == 200)
        }
    }

    @Test(arguments: ["http://127.0.0.1:1", "unix:/nonexistent/socket"])
    func aServerThatIsNotThereIsNamed(address: String) throws {
        let client = try TransferClient(address: address)
        let error = #expect(throws: TransferError.self) { try client.send(TransferRequest("GET", "/", timeout: 20)) }
        #expect(error?.code == .unreachable)
        let name = client.unixSocket ?? client.base
        #expect(error?.context.hasPrefix("\(name): ") == true, "\(error?.context ?? "")")
    }
}
