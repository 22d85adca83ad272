package import Jobs
import GRDB

/// What an owner changes about a job; nil leaves it.
package struct JobChange: Hashable, Sendable {
    /// The new priority.
    package var priority: Int?
    /// The new labels, all of them.
    package var labels: [String: String]?
    /// The new limit of its run time in seconds; the inner nil for none.
    package var maxRunSeconds: Double??
    /// How many checkpoints stay.
    package var keepCheckpointMax: Int?
    /// The specification with the same changes, as JSON.
    package var spec: String?

    /// Makes a change; nothing changes unless given.
    package init(
        priority: Int? = nil, labels: [String: String]? = nil, maxRunSeconds: Double?? = nil,
        keepCheckpointMax: Int? = nil, spec: String? = nil
    ) {
        self.priority = priority
        self.labels = labels
        self.maxRunSeconds = maxRunSeconds
        self.keepCheckpointMax = keepCheckpointMax
        self.spec = spec
    }

    /// Whether it changes nothing.
    package var isEmpty: Bool { self == JobChange() }
}

extension JobStore {
    /// Changes what an owner may change, with an event; the version grows. A request that came before changes nothing.
    ///
    /// - Parameters:
    ///   - version: The version that it must have; nil for any.
    ///   - promise: nil for a request without a key.
    ///   - audit: Who asks; nil, the default, where nobody does.
    /// - Returns: The job as it is then.
    package func change(
        _ id: JobID, version: Int?, to change: JobChange, at: Timestamp, promise: ReplyPromise<JobRecord>?,
        audit: AuditMark? = nil
    ) async throws(StoreError) -> Kept<JobRecord> {
        try await writer.write { db, batch in
            var changed = batch
            let kept = try Self.keeping(promise, of: id, at: at, in: db) {
                try Self.apply(change, to: id, version: version, at: at, in: db, &changed)
                try Self.audit(audit, job: id, result: "CHANGED", at: at, in: db)
                return try Self.fetch(id, in: db)
            }
            batch = changed
            return kept
        }
    }

    private static func apply(
        _ change: JobChange, to id: JobID, version: Int?, at: Timestamp, in db: Database, _ batch: inout Writer.Batch
    ) throws {
        let old = try current(id, version: version, in: db)
        var sets = ["version = version + 1"]
        var arguments: StatementArguments = []
        if let priority = change.priority {
            sets.append("priority = ?")
            arguments += [priority]
        }
        if let seconds = change.maxRunSeconds {
            sets.append("max_run_seconds = ?")
            arguments += [seconds]
        }
        if let count = change.keepCheckpointMax {
            sets.append("keep_checkpoint_max = ?")
            arguments += [count]
        }
        try db.execute(
            sql: "UPDATE jobs SET \(sets.joined(separator: ", ")) WHERE id = ?", arguments: arguments + [id.description]
        )
        if let labels = change.labels {
            try db.execute(sql: "DELETE FROM labels WHERE job_id = ?", arguments: [id.description])
            try insert(labels: labels, of: id, in: db)
        }
        if let spec = change.spec {
            try db.execute(sql: "UPDATE submissions SET spec = ? WHERE job_id = ?", arguments: [spec, id.description])
        }
        try Event(job: id, type: .patch, at: at, attempt: old.attempt).insert(in: db, &batch)
    }

    /// Deletes a finished job with all that belongs to it, its idempotency key included.
    ///
    /// - Parameters:
    ///   - version: The version that it must have; default any.
    ///   - audit: Who asks, and when; nil, the default, where nobody does.
    /// - Throws: `noSuchJob`, `notFinal`, `versionConflict`.
    package func delete(
        _ id: JobID, version: Int? = nil, audit: (mark: AuditMark, at: Timestamp)? = nil
    ) async throws(StoreError) {
        try await writer.write(isVital: true) { db, batch in
            let old = try Self.current(id, version: version, in: db)
            guard old.state.isFinal else { throw StoreError.notFinal(id, old.state) }
            try db.execute(sql: "DELETE FROM jobs WHERE id = ?", arguments: [id.description])
            if let audit { try Self.audit(audit.mark, job: id, result: "DELETED", at: audit.at, in: db) }
            batch.moved(from: old.state, to: nil)
            batch.hasFreed = true
        }
    }

    /// Holds those of the jobs that are QUEUED, so that they are not started until their owners resume them; each
    /// version grows, with an event. Jobs in other states, held ones and unknown ones are passed over.
    ///
    /// - Returns: The jobs that are held now and were not before, in the order given.
    @discardableResult
    package func hold(_ ids: [JobID], at: Timestamp) async throws(StoreError) -> [JobRecord] {
        try await writer.write(isVital: true) { db, batch in
            var held: [JobRecord] = []
            for id in ids {
                try db.cachedStatement(
                    sql: """
                        UPDATE jobs SET held = 'HELD', version = version + 1
                        WHERE id = ? AND state = 'QUEUED' AND held IS NULL
                        """
                ).execute(arguments: [id.description])
                guard db.changesCount == 1 else { continue }
                let job = try Self.fetch(id, in: db)
                try Event(job: id, type: .held, at: at, attempt: job.attempt).insert(in: db, &batch)
                held.append(job)
            }
            return held
        }
    }
}
