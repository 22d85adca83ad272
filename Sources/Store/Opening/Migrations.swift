import GRDB

/// The database's schema and its history. A migration that has been released is never changed.
enum Migrations {
    /// All of them, in order.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1-jobs") { db in
            for statement in InitialSchema.statements { try db.execute(sql: statement) }
            for (from, successors) in InitialTransitions.rows {
                for to in successors {
                    try db.execute(
                        sql: "INSERT INTO transitions(from_state, to_state) VALUES (?, ?)", arguments: [from, to])
                }
            }
        }
        migrator.registerMigration("2-words", migrate: WordsMigration.run)
        return migrator
    }

    /// Brings the database up to date, the words included; one from a newer version is refused, untouched.
    static func run(on queue: DatabaseQueue) throws(StoreError) {
        let migrator = migrator
        do {
            let unknown = try queue.read { db in
                try migrator.appliedIdentifiers(db).subtracting(migrator.migrations)
            }
            if !unknown.isEmpty { throw StoreError.newerDatabase(unknown.sorted()) }
            try migrator.migrate(queue)
            try queue.write(Words.synchronize)
            try queue.writeWithoutTransaction(AutoVacuum.enable)
        } catch { throw StoreError(error) }
    }
}
