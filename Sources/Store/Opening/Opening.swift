import GRDB
import Glibc

/// The steps from a locked folder to a database that is known to be the right one, whole and up to date.
enum Opening {
    /// Opens it for writing.
    ///
    /// - Parameters:
    ///   - folder: The state folder, which is locked.
    ///   - file: The database's path in it.
    /// - Returns: The writer's connection, with what durability needs set and read back.
    static func run(
        in folder: String, file: String, fault: StoreFault?
    ) throws(StoreError) -> DatabaseQueue {
        let marker = try StateMarker.read(in: folder)
        let size = size(of: file)
        if marker != nil {
            // Before SQLite makes a new one.
            if size == nil { throw .lostDatabase(.missing) }
            if size == 0 { throw .lostDatabase(.empty) }
        }
        let queue = try JobStore.openWriter(file)
        do {
            let found = try queue.read { db in
                (identity: try Identity.read(in: db), schema: try Migrations.applied(in: db))
            }
            if let marker, let difference = Identity.difference(found.identity, schema: found.schema, from: marker) {
                throw StoreError.lostDatabase(difference)
            }
            // A new database is whole.
            if found.schema > 0, found.identity?.isClean != true { try queue.read(check) }
            try Migrations.run(on: queue)
            // What undoes one request of a batch is kept in memory: SQLite would write every page that a savepoint
            // touches to a file first. Only now, as the migrations may rebuild the whole database.
            try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA temp_store = MEMORY") }
            let identity = try queue.write { db in try Identity.advance(isClean: false, in: db) }
            try fault?(.marker)
            try identity.marker.write(in: folder)
            return queue
        } catch {
            try? queue.close()
            throw StoreError(error)
        }
    }

    /// Marks the database as closed by a daemon that had the time: the next one need not look whether it is whole.
    static func end(_ db: Database, in folder: String, fault: StoreFault?) throws {
        try fault?(.clean)
        var identity: Identity?
        try db.inTransaction {
            identity = try Identity.advance(isClean: true, in: db)
            return .commit
        }
        try identity?.marker.write(in: folder)
    }

    /// Whether the database is whole (https://www.sqlite.org/pragma.html#pragma_quick_check): after an end that was not a
    /// clean one, as the time it takes grows with the file.
    private static func check(_ db: Database) throws {
        let words = try String.fetchAll(db, sql: "PRAGMA quick_check(10)")
        guard words == ["ok"] else { throw StoreError.damaged(words.joined(separator: "; ")) }
    }

    private static func size(of file: String) -> Int? {
        var state = stat()
        return stat(file, &state) == 0 ? Int(state.st_size) : nil
    }
}

extension Identity {
    /// What the folder says once this is committed.
    fileprivate var marker: StateMarker {
        StateMarker(id: id, schema: Migrations.count, generation: generation)
    }
}
