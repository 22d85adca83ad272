import GRDB

/// Space that deleted rows leave goes back to the file system, a little at a time, where the database allows it
/// (https://www.sqlite.org/pragma.html#pragma_auto_vacuum).
enum AutoVacuum {
    private static let incremental = 2

    /// Chooses it for a database that has no table yet; of one that has, it changes nothing. Where it is chosen already,
    /// the same choice again would write to the file.
    static func choose(in db: Database) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA auto_vacuum") != incremental else { return }
        try db.execute(sql: "PRAGMA auto_vacuum = \(incremental)")
    }

    /// Rebuilds an old database that does not allow it, once. That takes as much room again as the database has: where
    /// there is not enough, it stays as it is, which costs no job anything, and the next opening tries again.
    static func enable(in db: Database) throws {
        guard try Int.fetchOne(db, sql: "PRAGMA auto_vacuum") != incremental else { return }
        try choose(in: db)
        do {
            try db.execute(sql: "VACUUM")
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            return
        }
    }
}
