package import Jobs
import GRDB

extension JobStore {
    /// Every attempt of a job, oldest first; none when there is no such job.
    package func attempts(of id: JobID) async throws(StoreError) -> [AttemptRecord] {
        try await read { [unreadable] db in try Self.attempts(of: id, in: db, unreadable) }
    }

    /// A job, without its specification, and its attempts, oldest first, in one snapshot; nil when there is no such job.
    package func jobWithAttempts(
        _ id: JobID
    ) async throws(StoreError) -> (job: JobRecord, attempts: [AttemptRecord])? {
        try await read { [unreadable] db in
            guard let job = try Self.fetchOptional(id, in: db) else { return nil }
            return (job, try Self.attempts(of: id, in: db, unreadable))
        }
    }

    /// The checkpoints of a job, newest first, each with its files by name.
    /// - Parameter withDeleting: Whether those are among them whose files are being removed; default false.
    package func checkpoints(
        of id: JobID, withDeleting: Bool = false
    ) async throws(StoreError) -> [StoredCheckpoint] {
        try await read { [unreadable] db in
            try Self.checkpoints(of: id, withDeleting: withDeleting, in: db, unreadable)
        }
    }

    // MARK: Inside a transaction

    private static func attempts(
        of id: JobID, in db: Database, _ unreadable: UnreadableRows
    ) throws -> [AttemptRecord] {
        let statement = try db.cachedStatement(sql: "SELECT * FROM attempts WHERE job_id = ? ORDER BY attempt")
        return try Row.fetchAll(statement, arguments: [id.description]).compactMap { row in
            unreadable.readable("attempts", of: id.description) { () throws(StoreError) in
                let reader = RowReader(row)
                return AttemptRecord(
                    attempt: row["attempt"], startedAt: reader.time("started_at"), startStep: row["start_step"],
                    placement: try reader.placement("placement", slice: nil), cores: row["cores"],
                    secondsRun: row["seconds_run"], finishedAt: reader.optionalTime("finished_at"),
                    end: try reader.attemptEnd(), endStep: row["end_step"], failure: reader.failure())
            }
        }
    }

    static func checkpoints(
        of id: JobID, withDeleting: Bool = false, in db: Database, _ unreadable: UnreadableRows
    ) throws -> [StoredCheckpoint] {
        let checkpoints = try db.cachedStatement(
            sql: "SELECT * FROM checkpoints WHERE job_id = ? AND (? OR state <> 'DELETING') ORDER BY step DESC")
        let rows = try Row.fetchAll(checkpoints, arguments: [id.description, withDeleting])
        if rows.isEmpty { return [] }
        let files = try db.cachedStatement(sql: "SELECT * FROM checkpoint_files WHERE job_id = ? ORDER BY step, name")
        let byStep = Dictionary(grouping: try Row.fetchAll(files, arguments: [id.description])) { $0["step"] as Int }
        return rows.compactMap { row in
            unreadable.readable("checkpoints", of: id.description) { () throws(StoreError) in
                let reader = RowReader(row)
                return StoredCheckpoint(
                    step: row["step"], attempt: row["attempt"], createdAt: reader.time("created_at"),
                    keptBecause: row["kept_because"], state: try reader.word("state"),
                    files: (byStep[row["step"]] ?? []).map {
                        CheckpointFile(name: $0["name"], bytes: $0["bytes"], sha256: $0["sha256"])
                    })
            }
        }
    }

    // MARK: Series

    /// A job's series by name, each by step.
    ///
    /// - Parameters:
    ///   - names: Only these; empty, the default, for all.
    ///   - fromStep: Only points from this step on; default 0.
    ///   - maxPoints: At most so many points of each series, spread evenly with the last among them; nil, the
    ///     default, for all.
    package func metrics(
        of id: JobID, names: [String] = [], fromStep: Int = 0, maxPoints: Int? = nil
    ) async throws(StoreError) -> [String: [MetricPoint]] {
        try await read { db in
            var sql = "SELECT name, step, value, at FROM metrics WHERE job_id = ? AND step >= ?"
            if !names.isEmpty { sql += " AND name IN (\(names.map { _ in "?" }.joined(separator: ", ")))" }
            let rows = try Row.fetchAll(
                db, sql: sql + " ORDER BY name, step",
                arguments: [id.description, fromStep] + StatementArguments(names))
            let points = rows.map { row in
                MetricPoint(name: row["name"], step: row["step"], value: row["value"], at: RowReader(row).time("at"))
            }
            return Dictionary(grouping: points, by: \.name).mapValues { $0.thinned(to: maxPoints) }
        }
    }
}

extension [MetricPoint] {
    /// At most so many of them, spread evenly, the last always among them.
    fileprivate func thinned(to limit: Int?) -> [MetricPoint] {
        guard let limit, limit >= 1, count > limit else { return self }
        return (1...limit).map { self[$0 * count / limit - 1] }
    }
}
