import Daemon
import Foundation
import Reactor
import Testing

@Suite struct FolderTreeTests {
    @Test func whatIsInAFolderIsNamedAndRemoved() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tpud-tree-\(UUID())")
        #expect(try FolderTree.names(in: folder.path) == [])
        try FolderTree.remove(folder.path)
        for name in ["a/b/c", "d"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        try Data().write(to: folder.appending(path: "a/b/file"))
        #expect(try FolderTree.names(in: folder.path).sorted() == ["a", "d"])
        #expect(try FolderTree.names(in: folder.appending(path: "a/b/file").path) == [])
        try FolderTree.remove(folder.path)
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func whatCantBeRemovedIsSaid() {
        #expect(throws: SystemError.self) { try FolderTree.remove("/proc/self/status") }
    }
}
