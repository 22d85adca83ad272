import API
import Daemon
import Foundation
import Testing

@Suite struct ProfileFilesTests {
    /// What is not called as a profile is none.
    @Test func names() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "profiles-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try ProfileFiles(modelDirectory: folder.path).all().isEmpty, "a job without profiles has no folder")
        let profiles = folder.appending(path: "profiles")
        try FileManager.default.createDirectory(at: profiles, withIntermediateDirectories: true)
        for name in [
            "2.11-20.json", "10.21-21.json", ".unfinished", "3.json", "x.1-2.json", "4.1-2.txt", "5.1-2-3.json",
            "6.1-2.json.old", "7.-2.json",
        ] {
            try Data("{}".utf8).write(to: profiles.appending(path: name))
        }
        let files = ProfileFiles(modelDirectory: folder.path)
        let all = try files.all()
        #expect(all.map(\.profile) == [10, 2])
        #expect(all.map(\.firstStep) == [21, 11] && all.map(\.lastStep) == [21, 20] && all.map(\.bytes) == [2, 2])
        #expect(all.allSatisfy { FileManager.default.fileExists(atPath: files.path(of: $0)) })
    }
}
