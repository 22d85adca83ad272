import GRDB

extension Store {
    /// Tries whether a commit goes through: it changes one number in the database's header.
    ///
    /// - Throws: what kept the commit from being durable: `diskFull`, `folder`, `database`.
    package func probe() async throws(StoreError) {
        try await writer.write { db, _ in
            let number = try Int32.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            try db.execute(sql: "PRAGMA user_version = \(number == .max ? 0 : number + 1)")
        }
    }
}
