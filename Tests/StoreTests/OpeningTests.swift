import Foundation
import GRDB
import Jobs
import Store
import Testing

@Suite struct OpeningTests {
    @Test func aSecondDaemonIsRefusedAndToldWhoHoldsTheFolder() throws {
        let fixture = try TestStore()
        #expect(throws: StoreError.folderInUse(process: Int(getpid()))) { try Store(folder: fixture.folder) }
        #expect(StoreError.folderInUse(process: 7).description.contains("process 7"))
        try fixture.store.close()
        try Store(folder: fixture.folder).close()
    }

    @Test func aDatabaseOfANewerVersionIsRefusedAndLeftAlone() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let file = fixture.folder + "/" + Store.fileName
        let queue = try DatabaseQueue(path: file)
        try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-tomorrow')") }
        try queue.close()
        let before = try Data(contentsOf: URL(filePath: file))
        #expect(throws: StoreError.newerDatabase(["99-tomorrow"])) { try Store(folder: fixture.folder) }
        #expect(try Data(contentsOf: URL(filePath: file)) == before)
    }

    @Test func aFileThatIsNoDatabaseIsDamage() throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let file = fixture.folder + "/" + Store.fileName
        try Data(repeating: 7, count: 8192).write(to: URL(filePath: file))
        #expect { try Store(folder: fixture.folder) } throws: { error in
            if case .damaged = error as? StoreError { true } else { false }
        }
    }

    @Test func aFolderThatCanNotBeMadeIsNamedByItsCall() {
        #expect(throws: StoreError.folder(call: "mkdir", errno: ENOENT)) {
            try Store(folder: "/nonexistent/deep/folder")
        }
    }

    @Test func whatIsStoredIsThereAfterReopening() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .retryWait)
        try fixture.store.close()
        let again = try Store(folder: fixture.folder)
        #expect(try await again.job(job.id) == job)
        try again.close()
        await #expect(throws: StoreError.closed) { try await again.submit(TestStore.job(2)) }
    }

    @Test func aBackupIsTheDatabaseWhileItIsInUse() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .running)
        let copy = try TestStore()
        try copy.store.close()
        let file = copy.folder + "/" + Store.fileName
        try fixture.store.backup(to: file)
        // Whoever restores a backup says so.
        try FileManager.default.removeItem(atPath: copy.folder + "/marker")
        let restored = try Store(folder: copy.folder)
        #expect(try await restored.job(job.id) == job)
        try restored.close()
        try Store.backup(folder: fixture.folder, to: file)
        #expect(!FileManager.default.fileExists(atPath: file + ".partial"))
        #expect(throws: StoreError.self) { try Store.backup(folder: "/nonexistent", to: file) }
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
