import API
import Daemon
import Foundation
import Jobs
import Testing

@Suite struct TokenFileDiskTests {
    private let folder: FolderOfTokens

    init() throws { folder = try FolderOfTokens() }

    private func refusal() -> TokenFileError? {
        do throws(TokenFileError) {
            _ = try TokenFile.read(folder.file)
            return nil
        } catch { return error }
    }

    @Test func aFileIsMadeForItsOwnerAloneAndKeepsItsMode() throws {
        #expect(refusal() == .missing(path: folder.file))
        let first = try folder.add(.viewer, "alice")
        #expect(folder.mode == 0o600)
        chmod(folder.file, 0o440)
        chmod(folder.file, 0o640)
        let second = try folder.add(.admin, "bob")
        #expect(folder.mode == 0o640)
        let (file, stamp) = try #require(try TokenFile.read(folder.file))
        #expect(file.tokens.map(\.id) == [first.id, second.id])
        #expect(file.text.hasPrefix("# Tokens of tpud"))
        #expect(try TokenFile.read(folder.file, unless: stamp) == nil)
        try folder.revoke(first)
        #expect(try TokenFile.read(folder.file, unless: stamp)?.file.tokens.map(\.id) == [second.id])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["tokens"])
    }

    @Test(arguments: [(0o602, "changed by everybody"), (0o620, "changed by its group"), (0o604, "read by everybody")])
    func aFileThatOthersCouldChangeOrReadIsRefused(mode: Int, words: String) throws {
        try folder.write("", mode: mode_t(mode))
        #expect(refusal()?.description.contains(words) == true)
        #expect(throws: TokenFileError.self) { try folder.add(.viewer, "alice") }
        #expect(folder.mode == mode)
    }

    @Test func whatIsNotAFileOfTokensIsRefused() throws {
        try folder.write("nonsense")
        #expect(refusal()?.description.hasPrefix("\(folder.file):1: expected id") == true)
        try Data([0xFF, 0xFE]).write(to: URL(filePath: folder.file))
        #expect(refusal()?.description.hasSuffix("is not UTF-8 text") == true)
        try folder.write(String(repeating: "#\n", count: 3 << 20))
        #expect(refusal()?.description.contains("larger") == true)
        try FileManager.default.removeItem(atPath: folder.file)
        try FileManager.default.createDirectory(atPath: folder.file, withIntermediateDirectories: false)
        #expect(refusal()?.description.contains("is a folder") == true)
        #expect(throws: TokenFileError.missing(path: "\(folder.path)/none")) {
            try TokenFile.change("\(folder.path)/none", makes: false) { _ in }
        }
    }

    /// Changes at once come one after the other: none is lost.
    @Test func noChangeIsLostAmongOthers() async throws {
        let file = folder.file
        try folder.write("")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    for round in 0..<5 {
                        var generator = SystemRandomNumberGenerator()
                        let bearer = BearerToken(using: &generator)
                        let token = try Token(
                            bearer, role: .viewer, name: "n\(number).\(round)", created: .init(seconds: 1))
                        _ = try TokenFile.change(file, makes: false) { file throws(TokenFileError) in file.add(token) }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try TokenFile.read(file)?.file.tokens.count == 40)
    }

    @Test func aChangeThatFailsChangesNothing() throws {
        try folder.add(.viewer, "alice")
        let before = try TokenFile.read(folder.file)?.stamp
        #expect(throws: TokenFileError.noSuchToken(path: "x")) {
            try TokenFile.change(folder.file, makes: true) { file throws(TokenFileError) in
                _ = file.remove(file.tokens[0].id)
                throw .noSuchToken(path: "x")
            }
        }
        #expect(try TokenFile.read(folder.file)?.stamp == before)
    }
}
