import Foundation
import Jobs
import Store
import Testing

@Suite struct BackupTests {
    @Test func aBackupIsTheDatabaseWhileItIsInUse() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .running)
        let copy = try TestStore()
        try copy.store.close()
        let file = copy.folder + "/" + JobStore.fileName
        try fixture.store.backup(to: file)
        // Whoever restores a backup says so.
        try FileManager.default.removeItem(atPath: copy.folder + "/marker")
        let restored = try JobStore(folder: copy.folder)
        #expect(try await restored.job(job.id) == job)
        try restored.close()
        try JobStore.backup(folder: fixture.folder, to: file)
        #expect(!FileManager.default.fileExists(atPath: file + ".partial"))
        #expect(throws: StoreError.self) { try JobStore.backup(folder: "/nonexistent", to: file) }
    }

    @Test func aBackupThatFailsLeavesTheOldOne() async throws {
        let fixture = try TestStore { step throws(StoreError) in
            if step == .backup { throw .injected(step) }
        }
        let file = fixture.folder + "/backup.sqlite"
        try Data("old".utf8).write(to: URL(filePath: file))
        #expect(throws: StoreError.injected(.backup)) { try fixture.store.backup(to: file) }
        #expect(try Data(contentsOf: URL(filePath: file)) == Data("old".utf8))
    }
}
