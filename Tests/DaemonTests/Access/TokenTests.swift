import API
import Daemon
import Jobs
import TestSupport
import Testing

@Suite struct TokenTests {
    private static let time = Timestamp(seconds: 1_700_000_000)

    @Test(arguments: ["a", "alice", "ci-1", "me@example.org", "A_b.c+d", String(repeating: "n", count: 64)])
    func aNameIsTaken(name: String) throws {
        var generator = SeededGenerator(seed: 1)
        let bearer = BearerToken(using: &generator)
        let token = try Token(bearer, role: .operator, name: name, created: Self.time)
        #expect(token.name == name && token.id == bearer.id && token.digest == bearer.digest)
        #expect(token.line.hasPrefix("\(token.id) operator \(name) sha256:"))
        #expect(token.line.hasSuffix(" 2023-11-14T22:13:20.000Z"))
        #expect(token.shown == "\(token.id)\toperator\t\(name)\t2023-11-14T22:13:20.000Z")
        #expect(!token.line.contains(bearer.text.suffix(64)))
    }

    @Test(arguments: ["", "anonymous", "two words", "uid:0", "a/b", "é", "#a", String(repeating: "n", count: 65)])
    func anotherNameIsNot(name: String) {
        var generator = SeededGenerator(seed: 1)
        let bearer = BearerToken(using: &generator)
        #expect(throws: TokenFileError.self) { try Token(bearer, role: .viewer, name: name, created: Self.time) }
    }
}
