import Foundation
import Jobs
import Store
import Testing

@Suite struct DurableFolderTests {
    @Test func newFoldersAreMadeWithThoseAboveThem() throws {
        let fixture = try TestStore()
        let path = fixture.folder + "/jobs/a/b"
        try DurableFolder.make(path)
        try DurableFolder.make(path)
        var isFolder: ObjCBool = false
        #expect(FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue)
        try Data().write(to: URL(filePath: path + "/file"))
        #expect(throws: StoreError.folder(call: "mkdir", errno: ENOTDIR)) { try DurableFolder.make(path + "/file/c") }
    }

    @Test func newFoldersAreNotForOthers() throws {
        let fixture = try TestStore()
        let path = fixture.folder + "/jobs/a"
        try DurableFolder.make(path)
        try DurableFolder.make(fixture.folder + "/secret", mode: 0o700)
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(path).map { $0 & 0o027 } == 0)
        #expect(try mode(fixture.folder + "/secret") == 0o700)
    }

    @Test func slashesThatAreTooManyDoNotMatter() throws {
        let fixture = try TestStore()
        try DurableFolder.make("/" + fixture.folder + "//b///c/")
        #expect(FileManager.default.fileExists(atPath: fixture.folder + "/b/c"))
    }
}
