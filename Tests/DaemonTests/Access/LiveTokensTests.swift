import API
import Daemon
import Testing

@Suite struct LiveTokensTests {
    private let folder: FolderOfTokens

    init() throws { folder = try FolderOfTokens() }

    @Test func whatTheFileSaysHoldsFromTheNextLookOn() throws {
        let alice = try folder.add(.viewer, "alice")
        let live = try LiveTokens(path: folder.file)
        #expect(live.token(of: alice)?.name == "alice")
        #expect(try live.look() == .same)
        let bob = try folder.add(.admin, "bob")
        #expect(live.token(of: bob) == nil)
        #expect(try live.look() == .changed(count: 2, revoked: []))
        #expect(live.token(of: bob)?.role == .admin)
        try folder.revoke(alice)
        #expect(try live.look() == .changed(count: 1, revoked: [alice.id]))
        #expect(live.token(of: alice) == nil && live.token(of: bob) != nil && live.count == 1)
    }

    @Test func aTokenThatSaysSomethingElseIsRevoked() throws {
        let alice = try folder.add(.admin, "alice")
        let live = try LiveTokens(path: folder.file)
        let text = try #require(try TokenFile.read(folder.file)).file.text
        try folder.write(text.replacing(" admin ", with: " viewer "))
        #expect(try live.look() == .changed(count: 1, revoked: [alice.id]))
        #expect(live.token(of: alice)?.role == .viewer)
    }

    /// Another secret with the id of a token that holds is not that token.
    @Test func anIdIsNotEnough() throws {
        let alice = try folder.add(.admin, "alice")
        let live = try LiveTokens(path: folder.file)
        let forged = try #require(BearerToken("tpud_\(alice.id)_" + String(repeating: "0", count: 64)))
        #expect(live.token(of: forged) == nil)
    }

    @Test func aFileThatCanNotBeUsedChangesNothing() throws {
        let alice = try folder.add(.viewer, "alice")
        let live = try LiveTokens(path: folder.file)
        let text = try #require(try TokenFile.read(folder.file)).file.text
        try folder.write("nonsense")
        #expect(throws: TokenFileError.self) { try live.look() }
        try folder.write("", mode: 0o666)
        #expect(throws: TokenFileError.self) { try live.look() }
        #expect(live.token(of: alice) != nil)
        try folder.write(text)
        #expect(try live.look() == .changed(count: 1, revoked: []))
        #expect(throws: TokenFileError.self) { try LiveTokens(path: "\(folder.path)/none") }
    }
}
