import Formats
import Foundation
import Testing

@Suite struct OpenFileTests {
    private func error(_ path: String) -> FormatError? {
        do {
            _ = try OpenFile(path: path)
            return nil
        } catch {
            return error
        }
    }

    /// Words for people: never a path.
    @Test func whatCanNotBeOpenedIsTold() throws {
        #expect(error("/nowhere/at/all")?.detail == "does not exist")
        #expect(error("/etc")?.detail == "is a folder, not a file")
        #expect(error("/dev/null")?.detail == "is not a regular file")
        #expect(error("/" + String(repeating: "a", count: 300))?.detail == "can't be read: the name is too long")
        #expect(error("/etc/passwd/x")?.detail == "does not exist")
    }

    @Test func readsRangesUpToTheEnd() throws {
        let file = try openFile(Array("0123456789".utf8))
        #expect(file.size == 10)
        #expect(try file.bytes(at: 0, count: 3) == Array("012".utf8))
        #expect(try file.bytes(at: 8, count: 5) == Array("89".utf8))
        #expect(try file.bytes(at: 10, count: 5) == [])
        #expect(try file.bytes(at: 11, count: .max) == [])
        #expect(try file.bytes(at: 2, count: -1) == [])
        #expect(try file.contents(limit: 10).count == 10)
        let large = #expect(throws: FormatError.self) { try file.contents(limit: 9) }
        #expect(large?.code == .tooLarge && large?.detail == "is larger than 9 bytes")
    }
}
