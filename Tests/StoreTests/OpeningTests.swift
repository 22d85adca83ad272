import Foundation
import GRDB
import Jobs
import Store
import Testing

@Suite struct OpeningTests {
    @Test func aFileThatIsNoDatabaseIsDamage() throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let file = fixture.folder + "/" + JobStore.fileName
        try Data(repeating: 7, count: 8192).write(to: URL(filePath: file))
        #expect { try JobStore(folder: fixture.folder) } throws: { error in
            if case .damaged = error as? StoreError { true } else { false }
        }
    }

    @Test func whatIsStoredIsThereAfterReopening() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .retryWait)
        try fixture.store.close()
        let again = try JobStore(folder: fixture.folder)
        #expect(try await again.job(job.id) == job)
        try again.close()
        await #expect(throws: StoreError.closed) { try await again.submit(TestStore.job(2)) }
    }

    /// Overwrites the middle of a page with other bytes than SQLite wrote.
    @Test func damageIsFoundAfterAnUncleanEnd() async throws {
        let fixture = try TestStore()
        for number in 0..<200 { _ = try await fixture.store.submit(TestStore.job(number)) }
        try fixture.store.close()
        let file = fixture.folder + "/" + JobStore.fileName
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
        #expect { try JobStore(folder: fixture.folder) } throws: { error in
            if case .damaged = error as? StoreError { true } else { false }
        }
    }
}
