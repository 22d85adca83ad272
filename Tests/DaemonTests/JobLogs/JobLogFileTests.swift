import Daemon
import Foundation
import Testing

@Suite struct JobLogFileTests {
    private func withLog(_ text: String, _ body: (JobLogFile) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-log-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try JobLogFile(modelDirectory: folder.path()) == nil)
        try Data(text.utf8).write(to: folder.appending(path: "log.txt"))
        try body(try #require(try JobLogFile(modelDirectory: folder.path())))
    }

    @Test(arguments: [
        ("a\nb\nc\n", 0, 6), ("a\nb\nc\n", 1, 4), ("a\nb\nc\n", 2, 2), ("a\nb\nc\n", 3, 0), ("a\nb\nc\n", 99, 0),
        ("a\nb\nc", 1, 4), ("a\nb\nc", 2, 2), ("", 5, 0), ("\n\n\n", 2, 1), ("\n", 1, 0), ("abc", 1, 0),
    ]) func tail(text: String, lines: Int, offset: Int64) throws {
        try withLog(text) { log in
            let found = try log.offset(ofLast: lines, from: 0, to: log.length())
            #expect(found == offset)
        }
    }

    @Test func aTailReachesOverBlocks() throws {
        let lines = (0..<40_000).map { "line \($0)\n" }
        try withLog(lines.joined()) { log in
            let length = try log.length()
            let offset = try log.offset(ofLast: 15_000, from: 0, to: length)
            let expected = lines.suffix(15_000).joined()
            #expect(length - offset == expected.utf8.count)
            #expect(try log.read(at: offset, count: 11) == Array("line 25000\n".utf8))
            #expect(try log.offset(ofLast: 15_000, from: length - 5, to: length) == length - 5)
        }
    }
}
