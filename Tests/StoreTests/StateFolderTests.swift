import Foundation
import Jobs
import Store
import Testing

@Suite struct StateFolderTests {
    @Test func aSecondDaemonIsRefusedAndToldWhoHoldsTheFolder() throws {
        let fixture = try TestStore()
        #expect(throws: StoreError.folderInUse(process: Int(getpid()))) { try JobStore(folder: fixture.folder) }
        #expect(StoreError.folderInUse(process: 7).description.contains("process 7"))
        try fixture.store.close()
        try JobStore(folder: fixture.folder).close()
    }

    @Test func removingTheLockFileLetsNobodyIn() throws {
        let fixture = try TestStore()
        try FileManager.default.removeItem(atPath: fixture.folder + "/lock")
        #expect(throws: StoreError.folderInUse(process: nil)) { try JobStore(folder: fixture.folder) }
        try fixture.store.close()
        try JobStore(folder: fixture.folder).close()
    }

    @Test func aFolderThatCanNotBeMadeIsNamedByItsCall() {
        #expect(throws: StoreError.folder(call: "mkdir", errno: ENOENT)) {
            try JobStore(folder: "/nonexistent/deep/folder")
        }
    }
}
