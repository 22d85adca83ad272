import Daemon
import Foundation
import TestSupport
import Testing

@Suite struct ConfigurationPathsTests {
    @Test func relativeRootsBeginWhereTheDaemonIs() throws {
        let flags = ["data_roots": ["/a", "b", "../c", "."]]
        let configuration = try ConfigurationLoader(cores: 1).load([.flags(flags)])
        #expect(configuration.absolute(from: "/srv").dataRoots == ["/a", "/srv/b", "/srv/../c", "/srv/."])
        let here = FileManager.default.currentDirectoryPath
        #expect(configuration.absolute().dataRoots == ["/a", here + "/b", here + "/../c", here + "/."])
        #expect(configuration.absolute(from: "/srv").absolute(from: "/other").dataRoots[1] == "/srv/b")
    }

    @Test func dataRootsThatAreNoFoldersAreFound() throws {
        let file = ProjectFiles.root.appending(path: "README.md").path
        let roots = [ProjectFiles.root.path, file, "/nowhere/at/all"]
        let configuration = try ConfigurationLoader(cores: 1).load([.flags(["data_roots": roots])])
        #expect(configuration.missingDataRoots == [file, "/nowhere/at/all"])
    }

    @Test func programsThatCanNotBeStartedAreFound() throws {
        let root = ProjectFiles.root
        let programs = [
            "shell=/bin/sh", "readme=\(root.appending(path: "README.md").path)", "folder=\(root.path)",
            "gone=/nowhere/x",
        ]
        let configuration = try ConfigurationLoader(cores: 1).load([.flags(["programs": programs])])
        let told = configuration.unusablePrograms.map { "\($0.name): \($0.detail)" }
        #expect(
            told == [
                "folder: \(root.path) is not a file", "gone: /nowhere/x: No such file or directory",
                "readme: \(root.appending(path: "README.md").path) is not executable",
            ])
    }
}
