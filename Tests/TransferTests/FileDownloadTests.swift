import Crypto
import Foundation
import Testing
import Transfer

@Suite struct DownloadTests {
    private static let sha256 = SHA256.hash(data: FileServer.content).map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()

    @Test(arguments: ["/file", "/whole"], [0, 1, 4096, 99_999])
    func aDownloadGoesOnWhereItWasInterrupted(target: String, there: Int) async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "f").path
            try Data(FileServer.content[..<there]).write(to: URL(filePath: path + ".part"))
            let reply = try FileDownload(target, to: path, sha256: Self.sha256).run(server.tcp)
            #expect(reply.status == (target == "/file" && there > 0 ? 206 : 200))
            #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == FileServer.content)
            #expect(!FileManager.default.fileExists(atPath: path + ".part"))
        }
    }

    @Test func aDownloadStartsOverWhereMoreIsThereThanTheFileHas() async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "f").path
            try Data(FileServer.content + [1, 2, 3]).write(to: URL(filePath: path + ".part"))
            #expect(try FileDownload("/file", to: path, sha256: Self.sha256).run(server.tcp).status == 200)
            #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == FileServer.content)
        }
    }

    @Test func aDamagedDownloadIsThrownAway() async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "f").path
            try Data([9, 9, 9]).write(to: URL(filePath: path + ".part"))
            let error = #expect(throws: TransferError.self) {
                try FileDownload("/file", to: path, sha256: Self.sha256).run(server.tcp)
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
            #expect(try FileDownload("/refused", to: path).run(server.tcp).status == 409)
            #expect(try Data(contentsOf: URL(filePath: path)) == Data([7]))
        }
    }

    @Test func progressIsTheBytesThatAreThere() async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "f").path
            try Data(FileServer.content[..<4096]).write(to: URL(filePath: path + ".part"))
            var told: [Int] = []
            _ = try FileDownload("/file", to: path, sha256: Self.sha256).run(server.tcp) { told.append($0) }
            #expect(told.last == FileServer.content.count)
            #expect(told.allSatisfy { $0 > 4096 } && told == told.sorted())
        }
    }

    /// What was left may be another file's beginning: without a checksum nothing would tell.
    @Test func aDownloadWithoutAChecksumStartsOver() async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "f").path
            try Data([9, 9, 9]).write(to: URL(filePath: path + ".part"))
            #expect(try FileDownload("/file", to: path).run(server.tcp).status == 200)
            #expect(try [UInt8](Data(contentsOf: URL(filePath: path))) == FileServer.content)
        }
    }

    @Test func aFolderThatIsNotThereIsToldWithItsPath() async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "none/f").path
            let error = #expect(throws: TransferError.self) { try FileDownload("/file", to: path).run(server.tcp) }
            #expect(error?.code == .file)
            #expect(error?.description.hasPrefix(path) == true, "\(error?.description ?? "")")
        }
    }

    /// A checksum is one whatever the case of its letters.
    @Test func aChecksumMayBeInCapitals() async throws {
        try await FileServer.run { server in
            let path = server.folder.appending(path: "f").path
            let reply = try FileDownload("/file", to: path, sha256: Self.sha256.uppercased()).run(server.tcp)
            #expect(reply.status == 200)
        }
    }
}
