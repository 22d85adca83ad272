import Foundation
import GRDB
import Jobs
import Store
import Testing

@Suite struct WordsTests {
    @Test func theDatabasesTransitionsAreTheTables() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName)
        let stored = try await queue.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM transitions").map { [$0[0] as String, $0[1] as String] }
        }
        #expect(Set(stored) == Set(TransitionTable.rows.map { [$0.from.rawValue, $0.to.rawValue] }))
    }

    /// A database as an older or a newer version left it: what the code knows is put right at the next opening, and a
    /// word that it does not know stays.
    @Test func everyOpeningPutsTheTablesRight() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        func queue() throws -> DatabaseQueue { try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName) }
        var old = try queue()
        try await old.write { db in
            try db.execute(sql: "INSERT INTO transitions VALUES ('QUEUED', 'RUNNING')")
            try db.execute(sql: "DELETE FROM transitions WHERE from_state = 'PAUSED' AND to_state = 'EXPIRED'")
            try db.execute(sql: "UPDATE states SET is_final = 1 WHERE word = 'PAUSED'")
            try db.execute(sql: "INSERT INTO states VALUES ('FLYING', 0, 1)")
            try db.execute(sql: "DELETE FROM outcomes WHERE word = 'STALLED'")
            try db.execute(sql: "INSERT INTO modes VALUES ('fly')")
        }
        try old.close()
        try JobStore(folder: fixture.folder).close()
        old = try queue()
        try await old.read { db in
            let transitions = try Row.fetchAll(db, sql: "SELECT * FROM transitions").map {
                [$0[0] as String, $0[1] as String]
            }
            #expect(Set(transitions) == Set(TransitionTable.rows.map { [$0.from.rawValue, $0.to.rawValue] }))
            let final = try String.fetchAll(db, sql: "SELECT word FROM states WHERE is_final")
            #expect(Set(final) == Set(JobState.allCases.filter(\.isFinal).map(\.rawValue)))
            let holding = try String.fetchAll(db, sql: "SELECT word FROM states WHERE holds_resources")
            #expect(Set(holding) == Set(JobState.allCases.filter(\.holdsResources).map(\.rawValue) + ["FLYING"]))
            let outcomes = try String.fetchAll(db, sql: "SELECT word FROM outcomes")
            #expect(Set(outcomes) == Set(AttemptOutcome.allCases.map(\.rawValue)))
            let modes = try String.fetchAll(db, sql: "SELECT word FROM modes")
            #expect(Set(modes) == Set(JobMode.allCases.map(\.rawValue) + ["fly"]))
            let intents = try String.fetchAll(db, sql: "SELECT word FROM intents")
            #expect(Set(intents) == Set(StopIntent.allCases.map(\.rawValue)))
        }
    }
}
