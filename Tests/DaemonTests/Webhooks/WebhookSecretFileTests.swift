import Daemon
import Foundation
import Glibc
import Testing

@Suite struct WebhookSecretFileTests {
    private static let key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-secret-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body("\(folder)/webhook-secret")
    }

    private func write(_ text: String, _ path: String, mode: mode_t = 0o600) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, mode)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func itIsMadeOnceForItsOwnerAlone() throws {
        try inFolder { path in
            let missing = #expect(throws: WebhookSecretError.self) { try WebhookSecretFile.read(path) }
            #expect(missing?.description.hasSuffix("\(path), does not exist") == true)
            try WebhookSecretFile.makeUnlessThere(path)
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(try WebhookSecretFile.read(path).count == 1)
            #expect(try mode(path) == 0o600)
            try WebhookSecretFile.makeUnlessThere(path)
            #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
            let folder = URL(filePath: path).deletingLastPathComponent().path
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["webhook-secret"])
        }
    }

    @Test(arguments: [(0o604, "read by everybody"), (0o620, "changed by its group"), (0o602, "changed by everybody")])
    func aFileThatOthersCouldReadIsRefused(mode: Int, words: String) throws {
        try inFolder { path in
            try write(Self.key, path, mode: mode_t(mode))
            let error = #expect(throws: WebhookSecretError.self) { try WebhookSecretFile.read(path) }
            #expect(error?.detail.contains(words) == true && error?.description.contains("MfKQ") == false)
        }
    }

    @Test func whatIsNotOneIsRefused() throws {
        try inFolder { path in
            for text in ["nonsense", String(repeating: "#\n", count: 4096)] {
                try write(text, path)
                #expect(throws: WebhookSecretError.self) { try WebhookSecretFile.read(path) }
            }
            try Data([0xFF, 0xFE]).write(to: URL(filePath: path))
            let error = #expect(throws: WebhookSecretError.self) { try WebhookSecretFile.read(path) }
            #expect(error?.detail == "is not UTF-8 text")
        }
    }

    /// A file that can't be used changes nothing.
    @Test func anotherKeyHoldsOnceItIsReadAgain() throws {
        try inFolder { path in
            try write(Self.key, path)
            let live = LiveWebhookSecret(path: path, isMade: false)
            #expect(live.current == nil)
            try live.look()
            #expect(live.current?.count == 1)
            try write("nonsense", path)
            #expect(throws: WebhookSecretError.self) { try live.look() }
            #expect(live.current?.count == 1)
            try write("\(Self.key)\n\(Self.key)", path)
            try live.look()
            #expect(live.current?.count == 2)
        }
    }

    /// The daemon's own is made where there is none, as soon as that can be done; another's is not.
    @Test func theDaemonsOwnIsMade() throws {
        try inFolder { path in
            let named = LiveWebhookSecret(path: path, isMade: false)
            #expect(throws: WebhookSecretError.self) { try named.look() }
            let elsewhere = LiveWebhookSecret(path: "\(path)/none/secret", isMade: true)
            #expect(throws: WebhookSecretError.self) { try elsewhere.look() }
            #expect(elsewhere.current == nil)
            let own = LiveWebhookSecret(path: path, isMade: true)
            try own.look()
            #expect(own.current?.count == 1)
            try named.look()
            let signatures = [own, named].map { $0.current?.signature(id: "a", timestamp: 1, body: []) }
            #expect(signatures[0] == signatures[1])
        }
    }
}
