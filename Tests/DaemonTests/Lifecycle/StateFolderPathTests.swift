import Daemon
import Foundation
import Glibc
import Reactor
import Testing

@Suite struct StateFolderPathTests {
    private static func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-path-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.resolvingSymlinksInPath())
    }

    @Test func whatIsMissingIsMadeAndThePathHasNoLinks() throws {
        try Self.inFolder { folder in
            #expect(try StateFolderPath.make(folder.path + "/a//b/") == folder.path + "/a/b")
            #expect(try StateFolderPath.make(folder.path + "/a/../a/./b") == folder.path + "/a/b")
            try FileManager.default.createSymbolicLink(
                at: folder.appending(path: "link"), withDestinationURL: folder.appending(path: "a"))
            #expect(try StateFolderPath.make(folder.path + "/link/c") == folder.path + "/a/c")
            let mode = try FileManager.default.attributesOfItem(atPath: folder.path + "/a/b")[.posixPermissions] as? Int
            #expect(mode.map { $0 & 0o027 } == 0, "it is not for others")
        }
    }

    @Test func whatCanNotBeMadeIsNamedAsItWasGiven() throws {
        try Self.inFolder { folder in
            try Data().write(to: folder.appending(path: "file"))
            let path = folder.path + "/file/a"
            do throws(DaemonError) {
                _ = try StateFolderPath.make(path)
                Issue.record("a folder was made inside a file")
            } catch {
                guard case .stateFolder(path: path, let reason) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect((reason.call, reason.code) == ("mkdir", ENOTDIR))
            }
        }
    }
}
