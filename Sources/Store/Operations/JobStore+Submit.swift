import Jobs
import GRDB
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension JobStore {
    /// Stores a job with its first event and its idempotency key in one transaction; durable when it returns.
    ///
    /// - Parameters:
    ///   - job: The job.
    ///   - idempotency: The client's promise; nil, the default, for none.
    ///   - queueLimit: So many jobs may wait (QUEUED, RETRY_WAIT); nil, the default, for no limit. A request that
    ///     came before is answered even when the queue is full.
    ///   - ownerLimit: So many jobs of its owner may wait; nil, the default, for no limit of its own.
    ///   - audit: Who asks; nil, the default, where nobody does.
    ///   - hasCompany: Whether other submissions are about to come: they share a commit then, which waits for them for a
    ///     moment. Default false.
    package func submit(
        _ job: NewJob, idempotency: Idempotency? = nil, queueLimit: Int? = nil, ownerLimit: Int? = nil,
        audit: AuditMark? = nil, hasCompany: Bool = false
    ) async throws(StoreError) -> Submission {
        try await writer.write(hasCompany: hasCompany) { db, batch in
            if let idempotency, let earlier = try Self.earlier(idempotency, in: db) { return earlier }
            if let queueLimit {
                let waiting = try batch.counts(in: db).waiting
                if waiting >= queueLimit { return .queueFull(waiting: waiting) }
            }
            if let ownerLimit, try Self.waiting(of: job.owner, upTo: ownerLimit, in: db) >= ownerLimit {
                return .ownerQueueFull(waiting: ownerLimit)
            }
            try Self.insert(job, idempotency, in: db, &batch)
            try Self.audit(audit, job: job.id, result: JobState.queued.rawValue, at: job.createdAt, in: db)
            batch.moved(from: nil, to: .queued)
            return .created(JobRecord(job))
        }
    }

    /// What came of a submission with this key before: a replay, or a conflict when its body was another one; nil when
    /// there was none. Nothing is written.
    package func submission(scope: String, key: String, digest: String) async throws(StoreError) -> Submission? {
        let asked = Idempotency(scope: scope, key: key, digest: digest, answer: [])
        return try await read { db in try Self.earlier(asked, in: db) }
    }

    /// How many jobs of an owner wait, counted no further than a limit. By what waits, which is bounded: an owner may have
    /// had any number of jobs.
    private static func waiting(of owner: String, upTo limit: Int, in db: Database) throws -> Int {
        let statement = try db.cachedStatement(
            sql: """
                SELECT count(*) FROM
                  (SELECT 1 FROM jobs INDEXED BY jobs_waiting WHERE owner = ? AND state IN ('QUEUED', 'RETRY_WAIT') LIMIT ?)
                """)
        return try Int.fetchOne(statement, arguments: [owner, limit]) ?? 0
    }

    private static func earlier(_ idempotency: Idempotency, in db: Database) throws -> Submission? {
        let statement = try db.cachedStatement(
            sql: "SELECT job_id, digest, answer FROM submissions WHERE scope = ? AND key = ?")
        guard let row = try Row.fetchOne(statement, arguments: [idempotency.scope, idempotency.key]) else { return nil }
        let id = try RowReader(row).id("job_id")
        guard row["digest"] == idempotency.digest else { return .conflict(id) }
        return .replayed(id, answer: Array(row["answer"] as Data? ?? Data()))
    }

    private static func insert(
        _ job: NewJob, _ idempotency: Idempotency?, in db: Database, _ batch: inout Writer.Batch
    ) throws {
        let time = job.createdAt.microseconds
        try db.cachedStatement(
            sql: """
                INSERT INTO jobs(id, name, mode, owner, priority, state, version, shards, device_job, model_dir,
                  max_attempts, backoff_seconds, max_run_seconds, keep_checkpoint_max, preemptible, attempt,
                  created_at, queued_at, start_deadline)
                VALUES (?, ?, ?, ?, ?, 'QUEUED', 1, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)
                """
        ).execute(arguments: [
            job.id.description, job.name, job.mode.rawValue, job.owner, job.priority, job.slice?.cores, job.deviceJob,
            job.modelDir, job.retry.maxAttempts, job.retry.backoffSeconds, job.maxRunSeconds, job.keepCheckpointMax,
            job.preemptible, time, time, job.startDeadline?.microseconds,
        ])
        try db.cachedStatement(
            sql: "INSERT INTO submissions(job_id, spec, scope, key, digest, answer) VALUES (?, ?, ?, ?, ?, ?)"
        ).execute(arguments: [
            job.id.description, job.spec, idempotency?.scope, idempotency?.key, idempotency?.digest,
            idempotency.map { Data($0.answer) },
        ])
        try insert(labels: job.labels, of: job.id, in: db)
        try Outbox.insert(job.webhooks, of: job.id, in: db)
        try Event(job: job.id, type: .state, at: job.createdAt, to: .queued, attempt: 0).insert(in: db, &batch)
    }

    static func insert(labels: [String: String], of id: JobID, in db: Database) throws {
        for (name, value) in labels {
            try db.cachedStatement(sql: "INSERT INTO labels(job_id, name, value) VALUES (?, ?, ?)")
                .execute(arguments: [id.description, name, value])
        }
    }
}
