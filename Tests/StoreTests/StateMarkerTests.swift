import Foundation
import GRDB
import Jobs
import Store
import Testing

/// A database that is not the folder's own is refused with the way out; only the operator's hand on the marker changes
/// that.
@Suite struct StateMarkerTests {
    private static func refusal(_ folder: String) -> LostDatabase? {
        do throws(StoreError) {
            try Store(folder: folder).close()
            return nil
        } catch {
            guard case .lostDatabase(let how) = error else { return nil }
            return how
        }
    }

    private static func copy(_ name: String, from: String, to: String) throws {
        try? FileManager.default.removeItem(atPath: to + "/" + name)
        try FileManager.default.copyItem(atPath: from + "/" + name, toPath: to + "/" + name)
    }

    @Test func aMissingOrEmptyDatabaseIsRefusedAndNothingIsMade() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let file = fixture.folder + "/" + Store.fileName
        for path in [file, file + "-wal", file + "-shm"] { try? FileManager.default.removeItem(atPath: path) }
        #expect(Self.refusal(fixture.folder) == .missing)
        #expect(!FileManager.default.fileExists(atPath: file))
        #expect(FileManager.default.createFile(atPath: file, contents: nil))
        #expect(Self.refusal(fixture.folder) == .empty)
        #expect(StoreError.lostDatabase(.missing).description.contains("remove the file \"marker\""))
        try FileManager.default.removeItem(atPath: fixture.folder + "/marker")
        #expect(Self.refusal(fixture.folder) == nil)
    }

    @Test func anOlderOrAnotherDatabaseIsRefused() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let old = NSTemporaryDirectory() + "tpud-old-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: old) }
        try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: true)
        try Self.copy(Store.fileName, from: fixture.folder, to: old)
        for number in 0..<3 {
            let store = try Store(folder: fixture.folder)
            _ = try await store.submit(TestStore.job(number))
            try store.close()
        }
        try Self.copy(Store.fileName, from: old, to: fixture.folder)
        // One opening and one clean end for the first daemon, and three more of both.
        #expect(Self.refusal(fixture.folder) == .older(generation: 2, marker: 8))
        let other = try TestStore()
        try other.store.close()
        try Self.copy(Store.fileName, from: other.folder, to: fixture.folder)
        #expect(Self.refusal(fixture.folder) == .another)
        try Data("nonsense".utf8).write(to: URL(filePath: fixture.folder + "/marker"))
        #expect(Self.refusal(fixture.folder) == .unreadableMarker)
        try FileManager.default.removeItem(atPath: fixture.folder + "/marker")
        #expect(Self.refusal(fixture.folder) == nil)
    }

    /// An end between the database's commit and the marker leaves the database newer, which is right.
    @Test(arguments: [StoreStep.marker, .clean])
    func anEndBeforeTheMarkerIsWrittenLosesNothing(step: StoreStep) async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .running)
        try fixture.store.close()
        do {
            try Store(folder: fixture.folder) { at throws(StoreError) in
                if at == step { throw .injected(at) }
            }.close()
        } catch { #expect(error == .injected(.marker)) }
        let again = try Store(folder: fixture.folder)
        #expect(try await again.job(job.id) == job)
        try again.close()
    }

    @Test func removingTheLockFileLetsNobodyIn() throws {
        let fixture = try TestStore()
        try FileManager.default.removeItem(atPath: fixture.folder + "/lock")
        #expect(throws: StoreError.folderInUse(process: nil)) { try Store(folder: fixture.folder) }
        try fixture.store.close()
        try Store(folder: fixture.folder).close()
    }

    /// Overwrites the middle of a page with other bytes than SQLite wrote.
    @Test func damageIsFoundAfterAnUncleanEnd() async throws {
        let fixture = try TestStore()
        for number in 0..<200 { _ = try await fixture.store.submit(TestStore.job(number)) }
        try fixture.store.close()
        let file = fixture.folder + "/" + Store.fileName
        let queue = try DatabaseQueue(path: file)
        try await queue.write { try $0.execute(sql: "UPDATE identity SET is_clean = 0") }
        let page = try #require(
            try await queue.read { db in
                try Int.fetchOne(db, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'jobs_by_owner'")
            })
        try queue.close()
        let handle = try #require(FileHandle(forUpdatingAtPath: file))
        try handle.seek(toOffset: UInt64((page - 1) * 4096 + 4))
        try handle.write(contentsOf: Data(repeating: 0xA5, count: 64))
        try handle.close()
        #expect { try Store(folder: fixture.folder) } throws: { error in
            if case .damaged = error as? StoreError { true } else { false }
        }
    }

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
}
