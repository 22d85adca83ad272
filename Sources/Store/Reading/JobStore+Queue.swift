package import Jobs
import GRDB

/// What a scheduling pass looks at: not the whole queue but what of it can start, and what time alone changes.
package struct QueueFront: Hashable, Sendable {
    /// The jobs that hold cores or a worker's place.
    package var holding: [LiveJob] = []
    /// The first jobs of the queue that are neither held nor too large for the pod, and the first of those that need no
    /// cores; each once, in the queue's order among each other.
    package var ready: [LiveJob] = []
    /// The jobs whose back-off or start deadline ends next.
    package var timed: [LiveJob] = []
    /// The ids of rows that can't be read: they are left out.
    package var unreadable: [String] = []
}

/// A page of the queue.
package struct QueuePage: Hashable, Sendable {
    /// The jobs that wait (QUEUED, RETRY_WAIT), in order: priority, then age.
    package var jobs: [LiveJob] = []
    /// The place of the first of them in the queue, from 1.
    package var firstPosition = 1
    /// The job after which the next page begins; nil when this is the last.
    package var next: JobID?
    /// The ids of rows that can't be read: they are left out.
    package var unreadable: [String] = []
}

extension JobStore {
    /// What a scheduling pass needs, in one snapshot: its cost follows what can start, not the length of the queue.
    ///
    /// - Parameters:
    ///   - workers: How many workers may run at once. Strict order starts at most as many jobs as places are free, so one
    ///     more than those decides the pass; jobs without cores may be let past a head that waits for cores.
    ///   - pod: Jobs that it has no slice for are passed over.
    package func queueFront(workers: Int, pod: Pod) async throws(StoreError) -> QueueFront {
        try await read { db in
            var front = QueueFront()
            func fetch(_ sql: String, _ arguments: StatementArguments) throws -> [LiveJob] {
                let statement = try db.cachedStatement(sql: "SELECT \(LiveJob.columns) FROM jobs \(sql)")
                return try Row.fetchAll(statement, arguments: arguments).compactMap { row in
                    Self.readable(row, else: &front.unreadable)
                }
            }
            front.holding = try fetch(Self.holding, [])
            let places = max(0, workers - front.holding.count) + 1
            let ready = try Self.ready(
                """
                INDEXED BY jobs_ready WHERE state = 'QUEUED' AND held IS NULL AND (shards IS NULL OR shards <= ?)
                """, [pod.largestSlice], limit: places, else: &front.unreadable, in: db)
            let withoutCores = try Self.ready(
                """
                INDEXED BY jobs_ready_without_cores WHERE state = 'QUEUED' AND held IS NULL AND shards IS NULL
                """, [], limit: places, else: &front.unreadable, in: db)
            let known = Set(ready.map(\.id))
            front.ready = ready + withoutCores.filter { !known.contains($0.id) }
            front.timed =
                try fetch("WHERE retry_at IS NOT NULL ORDER BY retry_at LIMIT ?", [Self.mostTimed])
                + fetch(
                    """
                    INDEXED BY jobs_by_start_deadline
                    WHERE start_deadline IS NOT NULL AND started_at IS NULL AND finished_at IS NULL
                    ORDER BY start_deadline LIMIT ?
                    """, [Self.mostTimed])
            return front
        }
    }

    /// The jobs that hold cores or a worker's place.
    package func holdingJobs() async throws(StoreError) -> [LiveJob] {
        try await read { db in
            var unreadable: [String] = []
            return try Row.fetchAll(db, sql: "SELECT \(LiveJob.columns) FROM jobs \(Self.holding)").compactMap { row in
                Self.readable(row, else: &unreadable)
            }
        }
    }

    /// A page of the queue.
    ///
    /// - Parameters:
    ///   - limit: How many, at least 1.
    ///   - after: The `next` of the page before; nil, the default, for the first. A job that waits no more ends the list:
    ///     what comes after it is not known any more.
    package func queue(limit: Int, after: JobID? = nil) async throws(StoreError) -> QueuePage {
        precondition(limit >= 1, "a page holds at least one job")
        return try await read { db in
            var page = QueuePage()
            var condition = ""
            var arguments: StatementArguments = []
            if let after {
                // Wherever its job is now, its priority and id say where the page began.
                let sql = "SELECT priority FROM jobs WHERE id = ?"
                guard let priority = try Int.fetchOne(db, sql: sql, arguments: [after.description]) else { return page }
                page.firstPosition = try Self.waiting(notBehind: after, priority: priority, in: db) + 1
                condition = "AND (priority < ? OR (priority = ? AND id > ?))"
                arguments = [priority, priority, after.description]
            }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT \(LiveJob.columns) FROM jobs INDEXED BY jobs_waiting
                    WHERE state IN ('QUEUED', 'RETRY_WAIT') \(condition) ORDER BY priority DESC, id LIMIT ?
                    """, arguments: arguments + [limit + 1])
            var last: JobID?
            for row in rows.prefix(limit) {
                last = (row["id"] as String?).flatMap { JobID($0) } ?? last
                if let job = Self.readable(row, else: &page.unreadable) { page.jobs.append(job) }
            }
            if rows.count > limit { page.next = last }
            return page
        }
    }

    /// The places in the queue, from 1, of those of the jobs that wait.
    package func positions(of jobs: [JobRecord]) async throws(StoreError) -> [JobID: Int] {
        guard jobs.contains(where: \.state.isWaiting) else { return [:] }
        return try await read { db in try Self.positions(of: jobs, in: db) }
    }

    /// As `positions(of:)`, inside a transaction.
    static func positions(of jobs: [JobRecord], in db: Database) throws -> [JobID: Int] {
        let waiting = jobs.filter(\.state.isWaiting)
        var positions: [JobID: Int] = [:]
        // One walk over the queue for all of them: each adds what lies between it and the one before.
        var place = 0
        var before: JobRecord?
        for job in waiting.sorted(by: { ($1.priority, $0.id) < ($0.priority, $1.id) }) {
            if let before, before.priority == job.priority {
                place += try count(
                    "priority = ? AND id > ? AND id <= ?",
                    [job.priority, before.id.description, job.id.description], in: db)
            } else {
                if let before {
                    place += try count("priority = ? AND id > ?", [before.priority, before.id.description], in: db)
                    place += try count("priority < ? AND priority > ?", [before.priority, job.priority], in: db)
                } else {
                    place += try count("priority > ?", [job.priority], in: db)
                }
                place += try count("priority = ? AND id <= ?", [job.priority, job.id.description], in: db)
            }
            positions[job.id] = place
            before = job
        }
        return positions
    }

    /// How many waiting jobs are before a place in the queue or at it.
    private static func waiting(notBehind id: JobID, priority: Int, in db: Database) throws -> Int {
        try count("priority > ?", [priority], in: db)
            + count("priority = ? AND id <= ?", [priority, id.description], in: db)
    }

    /// How many waiting jobs meet a condition on their order.
    private static func count(_ condition: String, _ arguments: StatementArguments, in db: Database) throws -> Int {
        let statement = try db.cachedStatement(
            sql: """
                SELECT count(*) FROM jobs INDEXED BY jobs_waiting
                WHERE state IN ('QUEUED', 'RETRY_WAIT') AND \(condition)
                """)
        return try Int.fetchOne(statement, arguments: arguments) ?? 0
    }

    /// The first jobs of an index. The whole row of one is read, as it is about to be started: one that can't be read must
    /// not hold back those behind it.
    private static func ready(
        _ condition: String, _ arguments: StatementArguments, limit: Int, else unreadable: inout [String],
        in db: Database
    ) throws -> [LiveJob] {
        let statement = try db.cachedStatement(
            sql: "SELECT jobs.*, NULL AS spec FROM jobs \(condition) ORDER BY priority DESC, id")
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        var jobs: [LiveJob] = []
        while jobs.count < limit, let row = try rows.next() {
            do throws(StoreError) {
                _ = try JobRecord(row: row, labels: [:])
                jobs.append(try LiveJob(row))
            } catch {
                unreadable.append(row["id"] ?? "")
            }
        }
        return jobs
    }

    private static func readable(_ row: Row, else unreadable: inout [String]) -> LiveJob? {
        do throws(StoreError) {
            return try LiveJob(row)
        } catch {
            unreadable.append(row["id"] ?? "")
            return nil
        }
    }

    private static let holding =
        "WHERE state IN (SELECT word FROM states WHERE holds_resources) ORDER BY priority DESC, id"

    /// So many jobs that wait for a moment are looked at: those whose moment comes first.
    private static let mostTimed = 256
}

extension Pod {
    /// The cores of the largest slice: every smaller slice fits, too.
    fileprivate var largestSlice: Int { coresPerHost == Pod.maxCoresPerHost ? cores : coresPerHost }
}
