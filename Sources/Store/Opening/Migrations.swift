import GRDB
import Jobs

/// The database's schema and its history. A migration that has been released is never changed.
enum Migrations {
    /// All of them, in order.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-jobs") { db in
            for statement in InitialSchema.statements { try db.execute(sql: statement) }
            for row in TransitionTable.rows {
                try db.execute(
                    sql: "INSERT INTO transitions(from_state, to_state) VALUES (?, ?)",
                    arguments: [row.from.rawValue, row.to.rawValue])
            }
        }
        return migrator
    }

    /// Brings the database up to date; one from a newer version is refused, untouched.
    static func run(on queue: DatabaseQueue) throws(StoreError) {
        let migrator = migrator
        do {
            let unknown = try queue.read { db in
                try migrator.appliedIdentifiers(db).subtracting(migrator.migrations)
            }
            if !unknown.isEmpty { throw StoreError.newerDatabase(unknown.sorted()) }
            try migrator.migrate(queue)
        } catch { throw StoreError(error) }
    }
}
