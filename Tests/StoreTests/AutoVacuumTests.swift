import GRDB
import Jobs
import Store
import Testing

@Suite struct AutoVacuumTests {
    /// What the database's file allows: 0 for nothing, 1 for all at every commit, 2 for a little at a time.
    private static func mode(_ folder: String) throws -> Int? {
        try DatabaseQueue(path: folder + "/" + JobStore.fileName).read { db in
            try Int.fetchOne(db, sql: "PRAGMA auto_vacuum")
        }
    }

    @Test func aNewDatabaseAllowsIt() throws {
        let fixture = try TestStore()
        try fixture.store.close()
        #expect(try Self.mode(fixture.folder) == 2)
    }

    @Test(arguments: [0, 1])
    func anOldDatabaseIsRebuiltOnceAndKeepsItsJobs(old: Int) async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .retryWait)
        try fixture.store.close()
        let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName)
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA auto_vacuum = \(old)")
            try db.execute(sql: "VACUUM")
        }
        try queue.close()
        #expect(try Self.mode(fixture.folder) == old)
        let again = try JobStore(folder: fixture.folder)
        #expect(try await again.job(job.id) == job)
        try again.close()
        #expect(try Self.mode(fixture.folder) == 2)
    }
}
