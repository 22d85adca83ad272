import Formats
import Foundation
import Testing

@Suite struct FileStampTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-stamps-\(UUID())")

    private func write(_ text: String, to name: String) throws {
        let url = folder.appending(path: name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    @Test func isAnotherWhereTheFileIsAnother() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write("one", to: "a")
        let path = folder.appending(path: "a").path
        let first = try #require(FileStamp(path: path))
        #expect(FileStamp(path: path) == first)
        #expect(first.size == 3)
        try write("other", to: "a")
        #expect(FileStamp(path: path) != first)
        #expect(FileStamp(path: folder.path) == nil)
        #expect(FileStamp(path: path + "b") == nil)
    }

    @Test func theFirstFolderThatHasItCounts() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let folders = ["x", "y"].map { folder.appending(path: $0).path }
        try write("one", to: "y/a")
        let inSecond = try #require(FileStamp(of: "a", under: folders))
        #expect(inSecond == FileStamp(path: folders[1] + "/a"))
        try write("one", to: "x/a")
        #expect(FileStamp(of: "a", under: folders) == FileStamp(path: folders[0] + "/a"))
        #expect(FileStamp(of: "a", under: folders) != inSecond)
        #expect(FileStamp(of: "b", under: folders) == nil)
        // A file where a folder is named: as if it were not there.
        #expect(FileStamp(of: "a/b", under: folders) == nil)
    }

    @Test func comesBackFromItsText() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try write("one", to: "a")
        let stamp = try #require(FileStamp(path: folder.appending(path: "a").path))
        #expect(FileStamp(text: stamp.text) == stamp)
        for text in ["", "1", "1 2 3 4 5 6", "1 2 3 4 5 6 7 8", "1 2 3 4 5 6 x", " 1 2 3 4 5 6", "1  2 3 4 5 6"] {
            #expect(FileStamp(text: text) == nil, "\(text)")
        }
    }
}
