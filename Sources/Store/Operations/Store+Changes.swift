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

    /// Makes a change; nothing changes unless given.
    package init(
        priority: Int? = nil, labels: [String: String]? = nil, maxRunSeconds: Double?? = nil,
        keepCheckpointMax: Int? = nil
    ) {
        self.priority = priority
        self.labels = labels
        self.maxRunSeconds = maxRunSeconds
        self.keepCheckpointMax = keepCheckpointMax
    }
}

extension Store {
    /// Changes what an owner may change, with an event; the version grows.
    ///
    /// - Parameter version: The version that it must have; nil for any.
    /// - Returns: The job as it is then.
    @discardableResult
    package func change(
        _ id: JobID, version: Int?, to change: JobChange, at: Timestamp
    ) async throws(StoreError) -> JobRecord {
        try await writer.write { db, _ in
            let old = try Self.current(id, version: version, in: db)
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
                sql: "UPDATE jobs SET \(sets.joined(separator: ", ")) WHERE id = ?",
                arguments: arguments + [id.description])
            if let labels = change.labels {
                try db.execute(sql: "DELETE FROM labels WHERE job_id = ?", arguments: [id.description])
                try Self.insert(labels: labels, of: id, in: db)
            }
            try Event(job: id, type: .patch, at: at, attempt: old.attempt).insert(in: db)
            return try Self.fetch(id, in: db)
        }
    }

    /// Deletes a finished job with all that belongs to it, its idempotency key included.
    ///
    /// - Throws: `noSuchJob`, `notFinal`.
    package func delete(_ id: JobID) async throws(StoreError) {
        try await writer.write { db, _ in
            let old = try Self.current(id, version: nil, in: db)
            guard old.state.isFinal else { throw StoreError.notFinal(id, old.state) }
            try db.execute(sql: "DELETE FROM jobs WHERE id = ?", arguments: [id.description])
        }
    }

    /// Appends points to a job's series; a point of a step that is there already replaces it.
    package func appendMetrics(_ points: [MetricPoint], of id: JobID) async throws(StoreError) {
        try await writer.write { db, _ in
            let statement = try db.cachedStatement(
                sql: "INSERT OR REPLACE INTO metrics(job_id, name, step, value, at) VALUES (?, ?, ?, ?, ?)")
            for point in points {
                try statement.execute(arguments: [
                    id.description, point.name, point.step, point.value, point.at.microseconds,
                ])
            }
        }
    }

    /// Stores how far a job is, as JSON; its version stays. A finished job is left as it is.
    package func recordProgress(_ progress: String, of id: JobID) async throws(StoreError) {
        try await writer.write { db, _ in
            try db.cachedStatement(sql: "UPDATE jobs SET progress = ? WHERE id = ? AND finished_at IS NULL")
                .execute(arguments: [progress, id.description])
        }
    }
}
