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
        migrator.registerMigration("3-identity") { db in try db.execute(sql: Identity.table) }
        migrator.registerMigration("4-replies") { db in
            for statement in RepliesSchema.statements { try db.execute(sql: statement) }
        }
        migrator.registerMigration("5-hosts") { db in
            for statement in HostsSchema.statements { try db.execute(sql: statement) }
        }
        migrator.registerMigration("6-webhooks") { db in
            for statement in WebhooksSchema.statements { try db.execute(sql: statement) }
        }
        migrator.registerMigration("7-audit") { db in
            for statement in AuditSchema.statements { try db.execute(sql: statement) }
        }
        return migrator
    }

    /// How many this version knows.
    static var count: Int { migrator.migrations.count }

    /// How many of them a database has had.
    ///
    /// - Throws: `newerDatabase` for one that has had others.
    static func applied(in db: Database) throws -> Int {
        let migrator = migrator
        let applied = try migrator.appliedIdentifiers(db)
        let unknown = applied.subtracting(migrator.migrations)
        if !unknown.isEmpty { throw StoreError.newerDatabase(unknown.sorted()) }
        return applied.count
    }

    /// Brings the database up to date, the words included.
    static func run(on queue: DatabaseQueue) throws {
        try migrator.migrate(queue)
        try queue.write(Words.synchronize)
        try queue.writeWithoutTransaction(AutoVacuum.enable)
    }
}
