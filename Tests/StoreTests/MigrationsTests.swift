import Foundation
import GRDB
import Jobs
import Store
import Testing

@Suite struct MigrationsTests {
    @Test func aDatabaseOfANewerVersionIsRefusedAndLeftAlone() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let file = fixture.folder + "/" + JobStore.fileName
        let queue = try DatabaseQueue(path: file)
        try await queue.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99-tomorrow')") }
        try queue.close()
        let before = try Data(contentsOf: URL(filePath: file))
        #expect(throws: StoreError.newerDatabase(["99-tomorrow"])) { try JobStore(folder: fixture.folder) }
        #expect(try Data(contentsOf: URL(filePath: file)) == before)
    }

    /// A migration that has been released keeps its name and its place: a new one goes to the end.
    @Test func aNewDatabaseHasHadAllOfThem() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName)
        let applied = try await queue.read { db in
            try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid")
        }
        #expect(applied == ["1-jobs", "2-words", "3-identity", "4-replies", "5-hosts", "6-webhooks", "7-audit"])
    }

    /// The marker says how many there were, so that a folder whose database had fewer is recognised.
    @Test func theMarkerCountsThem() throws {
        let fixture = try TestStore()
        let text = try String(contentsOf: URL(filePath: fixture.folder + "/marker"), encoding: .utf8)
        #expect(text.contains("\nschema 7\n"), "\(text)")
    }
}
