import GRDB
package import Jobs

extension JobStore {
    /// Keeps that something was asked for which stores nothing else. A full disk keeps it from nothing but this.
    package func record(_ mark: AuditMark, job: JobID, result: String, at: Timestamp) async throws(StoreError) {
        try await writer.write { db, _ in try Self.audit(mark, job: job, result: result, at: at, in: db) }
    }

    /// Forgets what is older.
    package func forgetAudit(before: Timestamp) async throws(StoreError) {
        try await writer.write { db, batch in
            try db.execute(sql: "DELETE FROM audit WHERE at < ?", arguments: [before.microseconds])
            if db.changesCount > 0 { batch.hasFreed = true }
        }
    }

    /// A page of the audit trail, newest first.
    ///
    /// - Parameters:
    ///   - job: Of this job; nil, the default, for everything.
    ///   - principal: Asked for by this one; nil, the default, for everybody.
    ///   - limit: How many, at least 1.
    ///   - before: The `next` of the page before; nil, the default, for the first.
    package func audit(
        job: String? = nil, principal: String? = nil, limit: Int, before: Int? = nil
    ) async throws(StoreError) -> AuditListPage {
        precondition(limit >= 1, "a page holds at least one entry")
        return try await read { db in
            var conditions = ["number < ?"]
            var arguments: StatementArguments = [before ?? .max]
            if let job {
                conditions.append("job_id = ?")
                arguments += [job]
            }
            if let principal {
                conditions.append("principal = ?")
                arguments += [principal]
            }
            let rows = try Row.fetchAll(
                db,
                sql: "SELECT * FROM audit WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT ?",
                arguments: arguments + [limit + 1])
            let entries = rows.prefix(limit).map { AuditEntry($0) }
            return AuditListPage(entries: entries, next: rows.count > limit ? entries.last?.number : nil)
        }
    }

    // MARK: Inside a transaction

    /// Adds an entry; nothing where nobody asked.
    static func audit(
        _ mark: AuditMark?, job: JobID? = nil, host: Int? = nil, delivery: String? = nil, result: String, at: Timestamp,
        in db: Database
    ) throws {
        guard let mark else { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO audit(at, principal, token, verb, job_id, host, delivery_id, request_id, result)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            at.microseconds, mark.principal, mark.token, mark.verb, job?.description, host, delivery, mark.requestID,
            result,
        ])
    }
}
