import Crypto
import Foundation
import Testing
import Transfer

@Suite struct TransferTests {
    private static let sha256 = SHA256.hash(data: FileServer.content).map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()

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

    @Test(arguments: ["/file", "/whole"], [0, 1, 4096, 99_999])
    func aDownloadGoesOnWhereItWasInterrupted(target: String, there: Int) async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "f").path
            try Data(FileServer.content[..<there]).write(to: URL(filePath: path + ".part"))
            let reply = try Download(target, to: path, sha256: Self.sha256).run(server.tcp)
            #expect(reply.status == (target == "/file" && there > 0 ? 206 : 200))
            #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == FileServer.content)
            #expect(!FileManager.default.fileExists(atPath: path + ".part"))
        }
    }

    @Test func aDownloadStartsOverWhereMoreIsThereThanTheFileHas() async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "f").path
            try Data(FileServer.content + [1, 2, 3]).write(to: URL(filePath: path + ".part"))
            #expect(try Download("/file", to: path, sha256: Self.sha256).run(server.tcp).status == 200)
            #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == FileServer.content)
        }
    }

    @Test func aDamagedDownloadIsThrownAway() async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "f").path
            try Data([9, 9, 9]).write(to: URL(filePath: path + ".part"))
            let error = #expect(throws: TransferError.self) {
                try Download("/file", to: path, sha256: Self.sha256).run(server.tcp)
            }
            #expect(error?.code == .damaged)
            #expect(!FileManager.default.fileExists(atPath: path))
            #expect(!FileManager.default.fileExists(atPath: path + ".part"))
        }
    }

    @Test func aRefusedDownloadLeavesTheDestinationAlone() async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "f").path
            try Data([7]).write(to: URL(filePath: path))
            #expect(try Download("/refused", to: path).run(server.tcp).status == 409)
            #expect(try Data(contentsOf: URL(filePath: path)) == Data([7]))
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

    private struct Stop: Error {}
}
