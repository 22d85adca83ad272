import Formats
import GRDB

/// The database's own word on which one it is (table `identity`, one row): compared with the folder's marker.
struct Identity: Equatable {
    /// Chosen at random when the database was made.
    var id: String
    /// Grows with every opening and every clean end.
    var generation: Int
    /// Whether the last daemon closed it.
    var isClean: Bool

    static let table = """
        CREATE TABLE identity (
          one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
          id TEXT NOT NULL CHECK (length(id) = 32),
          generation INTEGER NOT NULL CHECK (generation >= 1),
          is_clean INTEGER NOT NULL CHECK (is_clean IN (0, 1))
        ) STRICT
        """

    /// Reads it; nil for a database that has none yet.
    static func read(in db: Database) throws -> Identity? {
        guard try db.tableExists("identity") else { return nil }
        return try Row.fetchOne(db, sql: "SELECT id, generation, is_clean FROM identity").map {
            Identity(id: $0["id"], generation: $0["generation"], isClean: $0["is_clean"])
        }
    }

    /// How it is not what a marker says; nil when it is. A newer generation is what a power loss between the database's
    /// commit and the marker leaves.
    static func difference(_ identity: Identity?, schema: Int, from marker: StateMarker) -> LostDatabase? {
        guard let identity else { return .older(generation: 0, marker: marker.generation) }
        if identity.id != marker.id { return .another }
        if identity.generation < marker.generation || schema < marker.schema {
            return .older(generation: identity.generation, marker: marker.generation)
        }
        return nil
    }

    /// Begins or ends a daemon's time with the database: the generation grows.
    static func advance(isClean: Bool, in db: Database) throws -> Identity {
        var generator = SystemRandomNumberGenerator()
        let id = (0..<2).map { _ in
            Hexadecimal.text(UInt64.random(in: .min ... .max, using: &generator), digits: 16)
        }.joined()
        try db.execute(
            sql: """
                INSERT INTO identity(one, id, generation, is_clean) VALUES (1, ?, 1, ?)
                ON CONFLICT (one) DO UPDATE SET generation = generation + 1, is_clean = excluded.is_clean
                """, arguments: [id, isClean])
        guard let identity = try read(in: db) else { throw StoreError.damaged("the table identity is empty") }
        return identity
    }
}
