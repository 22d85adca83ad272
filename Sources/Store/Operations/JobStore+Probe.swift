import GRDB

extension JobStore {
    /// Writes a page of the database and commits it: returns when a commit works.
    ///
    /// While the reserve is given up it does not use what that left: it throws `diskFull` until there is room again.
    ///
    /// - Throws: what a commit would fail with: `diskFull`, `ioError`, `resources`, …
    package func probe() async throws(StoreError) {
        try await writer.write { db, _ in
            // SQLite writes the page although nothing in it changes.
            try db.cachedStatement(sql: "UPDATE identity SET generation = generation").execute()
        }
    }

    /// How the store does. Waits for nothing.
    package var figures: StoreFigures { writer.figures }

    /// How long the oldest write has waited for its answer; nil when none waits. A commit that fails is an answer, too.
    package var commitWait: Duration? { figures.secondsWaiting.map { .seconds($0) } }
}
