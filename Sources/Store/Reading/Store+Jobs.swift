package import Jobs
import GRDB

/// Which jobs a list shows.
package struct JobFilter: Hashable, Sendable {
    /// In one of these states; empty, the default, for any.
    package var states: [JobState] = []
    /// With all of these labels; default none.
    package var labels: [String: String] = [:]
    /// Of this owner; nil, the default, for any.
    package var owner: String?
    /// Of this name; nil, the default, for any.
    package var name: String?

    /// Makes a filter that lets every job through.
    package init() {}
}

/// A page of a list.
package struct JobListPage: Hashable, Sendable {
    /// The jobs, newest first.
    package var jobs: [JobRecord]
    /// The job after which the next page begins; nil when this is the last.
    package var next: JobID?
}

/// What scheduling and supervision need of a job that is not finished.
package struct LiveJob: Hashable, Sendable {
    /// The job.
    package var id: JobID
    /// Its priority.
    package var priority: Int
    /// Its state.
    package var state: JobState
    /// Whether it is held.
    package var isHeld: Bool
    /// Its version.
    package var version: Int
    /// The number of its current or last attempt.
    package var attempt: Int
    /// The size of its slice; nil for a job that holds no cores.
    package var slice: Slice?
    /// The cores that it holds.
    package var placement: Placement?
    /// When its backoff is over.
    package var retryAt: Timestamp?
    /// How long a backoff of its is, in seconds.
    package var backoffSeconds: Double
    /// When it was submitted.
    package var createdAt: Timestamp
    /// After this it is not started a first time any more.
    package var startDeadline: Timestamp?
    /// Why it is stopping.
    package var stopIntent: StopIntent?
    /// When its worker is killed.
    package var stopDeadline: Timestamp?
}

extension Store {
    /// A job; nil when there is none.
    package func job(_ id: JobID) async throws(StoreError) -> JobRecord? {
        try await read { db in try Self.fetchOptional(id, in: db) }
    }

    /// A page of the jobs that a filter lets through, newest first.
    ///
    /// - Parameters:
    ///   - limit: How many, at least 1.
    ///   - after: The `next` of the page before; nil, the default, for the first.
    package func list(
        _ filter: JobFilter = JobFilter(), limit: Int, after: JobID? = nil
    ) async throws(StoreError) -> JobListPage {
        precondition(limit >= 1, "a page holds at least one job")
        return try await read { db in
            let (condition, arguments) = Self.condition(filter, after: after)
            let rows = try Row.fetchAll(
                db, sql: "\(JobRecord.selection) WHERE \(condition) ORDER BY jobs.id DESC LIMIT ?",
                arguments: arguments + [limit + 1])
            let jobs = try rows.prefix(limit).map { row in
                try JobRecord(row: row, labels: Self.labels(of: row["id"], in: db))
            }
            return JobListPage(jobs: jobs, next: rows.count > limit ? jobs.last?.id : nil)
        }
    }

    /// Every job that is not finished, in the queue's order: priority, then age.
    package func liveJobs() async throws(StoreError) -> [LiveJob] {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, priority, state, held, version, attempt, shards, placement, retry_at,
                      backoff_seconds, created_at, start_deadline, stop_intent, stop_deadline
                    FROM jobs WHERE state IN (SELECT word FROM states WHERE NOT is_final) ORDER BY priority DESC, id
                    """)
            return try rows.map { row in
                let reader = RowReader(row)
                let slice = try reader.slice("shards")
                return LiveJob(
                    id: try reader.id("id"), priority: row["priority"], state: try reader.word("state"),
                    isHeld: (row["held"] as String?) != nil, version: row["version"], attempt: row["attempt"],
                    slice: slice,
                    placement: try reader.placement("placement", slice: slice),
                    retryAt: reader.optionalTime("retry_at"), backoffSeconds: row["backoff_seconds"],
                    createdAt: Timestamp(microseconds: row["created_at"]),
                    startDeadline: reader.optionalTime("start_deadline"),
                    stopIntent: try reader.optionalWord("stop_intent"),
                    stopDeadline: reader.optionalTime("stop_deadline"))
            }
        }
    }

    /// How many jobs are in each state; a state without jobs is left out.
    package func counts() async throws(StoreError) -> [JobState: Int] {
        try await read { db in
            var counts: [JobState: Int] = [:]
            for row in try Row.fetchAll(db, sql: "SELECT state, count(*) AS count FROM jobs GROUP BY state") {
                counts[try RowReader(row).word("state")] = row["count"]
            }
            return counts
        }
    }

    /// The newest job's id; nil when there is no job. A sequence of ids goes on after it.
    package func newestJobID() async throws(StoreError) -> JobID? {
        try await read { db in
            try Row.fetchOne(db, sql: "SELECT max(id) AS id FROM jobs HAVING max(id) IS NOT NULL").map {
                try RowReader($0).id("id")
            }
        }
    }

    // MARK: Inside a transaction

    static func fetch(_ id: JobID, in db: Database) throws -> JobRecord {
        guard let job = try fetchOptional(id, in: db) else { throw StoreError.noSuchJob(id) }
        return job
    }

    private static func fetchOptional(_ id: JobID, in db: Database) throws -> JobRecord? {
        let statement = try db.cachedStatement(sql: "\(JobRecord.selection) WHERE jobs.id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.description]) else { return nil }
        return try JobRecord(row: row, labels: labels(of: id.description, in: db))
    }

    private static func labels(of id: String, in db: Database) throws -> [String: String] {
        let statement = try db.cachedStatement(sql: "SELECT name, value FROM labels WHERE job_id = ?")
        return Dictionary(
            uniqueKeysWithValues: try Row.fetchAll(statement, arguments: [id]).map { ($0["name"], $0["value"]) })
    }

    private static func condition(_ filter: JobFilter, after: JobID?) -> (sql: String, StatementArguments) {
        var parts = ["1"]
        var arguments: StatementArguments = []
        if !filter.states.isEmpty {
            parts.append("state IN (\(filter.states.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(filter.states.map(\.rawValue))
        }
        for (name, value) in filter.labels {
            parts.append("jobs.id IN (SELECT job_id FROM labels WHERE name = ? AND value = ?)")
            arguments += [name, value]
        }
        if let owner = filter.owner {
            parts.append("owner = ?")
            arguments += [owner]
        }
        if let name = filter.name {
            parts.append("name = ?")
            arguments += [name]
        }
        if let after {
            parts.append("jobs.id < ?")
            arguments += [after.description]
        }
        return (parts.joined(separator: " AND "), arguments)
    }
}
