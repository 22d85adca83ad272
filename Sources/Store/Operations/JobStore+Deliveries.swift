import GRDB
package import Jobs

extension JobStore {
    /// How long a delivery stays once it is settled, in seconds: a week when it was delivered, a month when it was not.
    package static let deliveryAge = (delivered: 7 * 86_400.0, dead: 30 * 86_400.0)

    /// Keeps what came of a try. A delivery that is settled already stays as it is.
    package func settle(_ attempt: DeliveryAttempt) async throws(StoreError) {
        try await writer.write(isVital: true) { db, batch in
            let (state, due): (DeliveryState, Timestamp?) =
                switch attempt.outcome {
                case .delivered: (.delivered, nil)
                case .again(let at): (.pending, at)
                case .dead: (.dead, nil)
                }
            let time = attempt.at.microseconds
            try db.cachedStatement(
                sql: """
                    UPDATE deliveries SET attempts = attempts + 1, tries = tries + 1, last_at = ?, last_status = ?,
                      last_error = ?, state = ?, due_at = ?, settled_at = ?
                    WHERE id = ? AND state = 'PENDING'
                    """
            ).execute(arguments: [
                time, attempt.status, attempt.error, state.rawValue, due?.microseconds, due == nil ? time : nil,
                attempt.id,
            ])
            for (state, age) in [
                (DeliveryState.delivered, Self.deliveryAge.delivered), (.dead, Self.deliveryAge.dead),
            ] {
                try db.cachedStatement(
                    sql: "DELETE FROM deliveries WHERE state = ? AND settled_at IS NOT NULL AND settled_at < ?"
                ).execute(arguments: [state.rawValue, attempt.at.advanced(bySeconds: -age).microseconds])
                if db.changesCount > 0 { batch.hasFreed = true }
            }
        }
    }

    /// Lets a delivery be tried again from now on, as often as a new one, whatever came of it.
    ///
    /// - Parameters:
    ///   - promise: nil for a request without a key.
    ///   - audit: Who asks; nil, the default, where nobody does.
    /// - Returns: The delivery as it is then.
    /// - Throws: `noSuchDelivery`.
    package func redeliver(
        _ id: String, at: Timestamp, promise: ReplyPromise<DeliveryRecord>? = nil, audit: AuditMark? = nil
    ) async throws(StoreError) -> Kept<DeliveryRecord> {
        try await writer.write { db, batch in
            let kept = try Self.keeping(promise, of: nil, at: at, in: db) {
                try db.cachedStatement(
                    sql: """
                        UPDATE deliveries SET state = 'PENDING', due_at = ?, settled_at = NULL, tries = 0 WHERE id = ?
                        """
                ).execute(arguments: [at.microseconds, id])
                guard let record = try Self.delivery(id, in: db) else { throw StoreError.noSuchDelivery(id) }
                try Self.audit(
                    audit, job: record.event.job, delivery: id, result: record.state.rawValue, at: at, in: db)
                return record
            }
            batch.hasDeliveries = true
            return kept
        }
    }

    // MARK: Reading

    /// A delivery; nil when there is none.
    package func delivery(_ id: String) async throws(StoreError) -> DeliveryRecord? {
        try await read { db in try Self.delivery(id, in: db) }
    }

    /// A page of deliveries, newest first.
    ///
    /// - Parameters:
    ///   - states: In one of these; empty, the default, for all.
    ///   - job: Of this job; nil, the default, for every job's.
    ///   - limit: How many, at least 1.
    ///   - before: The `next` of the page before; nil, the default, for the first.
    package func deliveries(
        in states: [DeliveryState] = [], of job: JobID? = nil, limit: Int, before: Int? = nil
    ) async throws(StoreError) -> DeliveryListPage {
        precondition(limit >= 1, "a page holds at least one delivery")
        return try await read { [unreadable] db in
            var conditions = ["number < ?"]
            var arguments: StatementArguments = [before ?? .max]
            if !states.isEmpty {
                conditions.append("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
                arguments += StatementArguments(states.map(\.rawValue))
            }
            if let job {
                conditions.append("job_id = ?")
                arguments += [job.description]
            }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM deliveries WHERE \(conditions.joined(separator: " AND ")) ORDER BY number DESC LIMIT ?
                    """, arguments: arguments + [limit + 1])
            let page = rows.prefix(limit)
            return DeliveryListPage(
                deliveries: Self.readable(Array(page), unreadable),
                next: rows.count > limit ? page.last.map { $0["number"] } : nil)
        }
    }

    /// The deliveries whose turn comes first: of so many receivers, those that have waited longest, so many of each. A
    /// receiver that does not answer keeps none of the others waiting, whatever waits for it.
    package func waitingDeliveries(receivers: Int, ofEach: Int) async throws(StoreError) -> [DeliveryRecord] {
        try await read { [unreadable] db in
            let origins = try Row.fetchAll(
                db,
                sql: """
                    SELECT origin, min(due_at) AS first FROM deliveries INDEXED BY deliveries_pending
                    WHERE state = 'PENDING' GROUP BY origin ORDER BY first LIMIT ?
                    """, arguments: [receivers])
            let statement = try db.cachedStatement(
                sql: """
                    SELECT * FROM deliveries INDEXED BY deliveries_pending
                    WHERE state = 'PENDING' AND origin = ? ORDER BY due_at LIMIT ?
                    """)
            return try origins.flatMap { row in
                Self.readable(
                    try Row.fetchAll(statement, arguments: [row["origin"] as String, ofEach]), unreadable)
            }
        }
    }

    /// How many deliveries are to be tried.
    package func pendingDeliveries() async throws(StoreError) -> Int {
        try await read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM deliveries WHERE state = 'PENDING'") ?? 0
        }
    }

    private static func delivery(_ id: String, in db: Database) throws -> DeliveryRecord? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM deliveries WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map { try DeliveryRecord($0) }
    }

    private static func readable(_ rows: [Row], _ unreadable: UnreadableRows) -> [DeliveryRecord] {
        rows.compactMap { row in
            unreadable.readable("deliveries", of: row["job_id"]) { () throws(StoreError) in try DeliveryRecord(row) }
        }
    }
}
