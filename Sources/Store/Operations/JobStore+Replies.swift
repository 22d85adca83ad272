package import Jobs
import GRDB
#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension JobStore {
    /// What a request with this key was answered; `done` with nothing when it did not come before. Nothing is written.
    package func reply(to key: ReplyKey) async throws(StoreError) -> Kept<Void> {
        try await read { db in try Self.earlier(key, in: db) }
    }

    /// Keeps what a request is answered that changes nothing about a job.
    package func keep(
        _ promise: ReplyPromise<JobRecord>, for job: JobRecord, at: Timestamp
    ) async throws(StoreError) -> Kept<JobRecord> {
        try await writer.write { db, _ in
            try Self.keeping(promise, of: job.id, at: at, in: db) { job }
        }
    }

    // MARK: Inside a transaction

    /// Does something unless it was done before for the same key, and keeps the answer.
    ///
    /// - Parameters:
    ///   - promise: nil for a request without a key.
    ///   - job: With which the answer goes; nil for one that belongs to no job and stays for a day.
    static func keeping<Value: Sendable>(
        _ promise: ReplyPromise<Value>?, of job: JobID?, at: Timestamp, in db: Database, _ body: () throws -> Value
    ) throws -> Kept<Value> {
        guard let promise else { return .done(try body()) }
        switch try earlier(promise.key, in: db) {
        case .earlier(let reply): return .earlier(reply)
        case .conflict: return .conflict
        case .done: break
        }
        let value = try body()
        let reply = promise.answer(value)
        try db.cachedStatement(sql: "DELETE FROM replies WHERE job_id IS NULL AND at < ?")
            .execute(arguments: [at.advanced(bySeconds: -Self.replyAge).microseconds])
        try db.cachedStatement(
            sql: """
                INSERT INTO replies(scope, key, digest, status, answer, version, job_id, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            promise.key.scope, promise.key.key, promise.key.digest, reply.status, Data(reply.body), reply.version,
            job?.description, at.microseconds,
        ])
        return .done(value)
    }

    private static func earlier(_ key: ReplyKey, in db: Database) throws -> Kept<Void> {
        let statement = try db.cachedStatement(
            sql: "SELECT digest, status, answer, version FROM replies WHERE scope = ? AND key = ?")
        guard let row = try Row.fetchOne(statement, arguments: [key.scope, key.key]) else { return .done(()) }
        guard row["digest"] == key.digest else { return .conflict }
        return .earlier(
            KeptReply(status: row["status"], body: Array(row["answer"] as Data? ?? Data()), version: row["version"]))
    }

    /// Seconds that an answer stays which belongs to no job.
    private static let replyAge = 86_400.0
}
