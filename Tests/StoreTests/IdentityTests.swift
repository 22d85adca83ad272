import Foundation
import GRDB
import Store
import Testing

/// The row of the database's identity, and which markers it takes for its own.
@Suite struct IdentityTests {
    private struct Stored: Equatable {
        var id: String
        var generation: Int
        var isClean: Bool
    }

    private static func stored(_ folder: String) throws -> Stored? {
        try DatabaseQueue(path: folder + "/" + JobStore.fileName).read { db in
            try Row.fetchOne(db, sql: "SELECT id, generation, is_clean FROM identity").map {
                Stored(id: $0["id"], generation: $0["generation"], isClean: $0["is_clean"])
            }
        }
    }

    @Test func everyOpeningAndEveryCleanEndMakesANewGeneration() throws {
        let fixture = try TestStore()
        let opened = try #require(try Self.stored(fixture.folder))
        #expect((opened.generation, opened.isClean) == (1, false))
        #expect(opened.id.count == 32)
        #expect(opened.id.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        try fixture.store.close()
        #expect(try Self.stored(fixture.folder) == Stored(id: opened.id, generation: 2, isClean: true))
        let again = try JobStore(folder: fixture.folder)
        #expect(try Self.stored(fixture.folder) == Stored(id: opened.id, generation: 3, isClean: false))
        try again.close()
    }

    @Test func twoDatabasesHaveTwoNames() throws {
        let stores = try (0..<2).map { _ in try TestStore() }
        let names = try stores.map { try Self.stored($0.folder)?.id }
        #expect(Set(names).count == 2)
    }

    /// What is changed about the marker of a database of generation 2, and how the database differs from it then.
    @Test(arguments: [
        ("generation 2", "generation 2", LostDatabase?.none), ("generation 2", "generation 1", nil),
        ("generation 2", "generation 3", .older(generation: 2, marker: 3)),
        ("schema 7", "schema 6", nil), ("schema 7", "schema 8", .older(generation: 2, marker: 2)),
        ("id ", "id 0", .another), ("id ", "key ", .unreadableMarker),
        ("generation 2", "generation x", .unreadableMarker),
        ("schema 7", "", .unreadableMarker),
    ])
    func onlyTheFoldersOwnDatabaseIsTaken(old: String, new: String, difference: LostDatabase?) throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let file = URL(filePath: fixture.folder + "/marker")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("\n" + old), "\(text)")
        try Data(text.replacing("\n" + old, with: "\n" + new).utf8).write(to: file)
        do throws(StoreError) {
            try JobStore(folder: fixture.folder).close()
            #expect(difference == nil, "it was opened")
        } catch {
            #expect(error == difference.map(StoreError.lostDatabase))
        }
    }

    /// A database of the time before there were identities is older than any marker.
    @Test func aDatabaseWithoutAnIdentityIsOlder() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName)
        try await queue.write { try $0.execute(sql: "DROP TABLE identity") }
        try queue.close()
        #expect(throws: StoreError.lostDatabase(.older(generation: 0, marker: 2))) {
            try JobStore(folder: fixture.folder)
        }
    }
}
