package import Jobs
import GRDB

extension JobStore {
    /// Corrects the step that a job's live attempt began at to what its worker says.
    ///
    /// - Throws: `staleAttempt` when the attempt is not the job's live one.
    package func setStartStep(_ step: Int, of id: JobID, attempt: Int) async throws(StoreError) {
        try await writer.write { db, _ in
            guard try Self.current(id, version: nil, in: db).attempt == attempt else {
                throw StoreError.staleAttempt(id, attempt: attempt)
            }
            try Self.set(startStep: step, of: id, in: db)
            guard db.changesCount == 1 else { throw StoreError.staleAttempt(id, attempt: attempt) }
        }
    }

    static func set(startStep step: Int, of id: JobID, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE attempts SET start_step = ? WHERE job_id = ? AND finished_at IS NULL")
            .execute(arguments: [step, id.description])
    }

    static func set(progress: String, of id: JobID, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE jobs SET progress = ? WHERE id = ? AND finished_at IS NULL")
            .execute(arguments: [progress, id.description])
    }

    /// Stores how long a job's live attempt has run: what a daemon that ends without a word leaves of its run time. An
    /// attempt that has ended is left as it is.
    ///
    /// - Parameter seconds: Of a clock that never goes back.
    package func recordRunTime(_ seconds: Double, of id: JobID, attempt: Int) async throws(StoreError) {
        try await writer.write { db, _ in
            try db.cachedStatement(
                sql: "UPDATE attempts SET seconds_run = ? WHERE job_id = ? AND attempt = ? AND finished_at IS NULL"
            ).execute(arguments: [max(0, seconds), id.description, attempt])
        }
    }
}
