package import Jobs
import GRDB

extension JobStore {
    /// A job; nil when there is none.
    ///
    /// - Parameter withSpec: Whether its specification is read, which may have megabytes; default false.
    /// - Throws: `damagedJob` when its row can't be read.
    package func job(_ id: JobID, withSpec: Bool = false) async throws(StoreError) -> JobRecord? {
        try await read { db in try Self.fetchOptional(id, withSpec: withSpec, in: db) }
    }

    /// A job with its specification and its place in the queue, in one snapshot; nil when there is none.
    ///
    /// - Throws: `damagedJob` when its row can't be read.
    package func placedJob(_ id: JobID) async throws(StoreError) -> PlacedJob? {
        try await read { db in
            guard let job = try Self.fetchOptional(id, withSpec: true, in: db) else { return nil }
            return PlacedJob(job: job, position: try Self.positions(of: [job], in: db)[id])
        }
    }

    /// The specification of a job, as JSON; nil when there is no such job.
    package func specification(of id: JobID) async throws(StoreError) -> String? {
        try await read { db in
            try String.fetchOne(db, sql: "SELECT spec FROM submissions WHERE job_id = ?", arguments: [id.description])
        }
    }

    /// A page of the jobs that a filter lets through, newest first. A page ends early when its rows have
    /// ``largestPageBytes``, and a row that can't be read is left out and named. All of it is of one snapshot.
    ///
    /// - Parameters:
    ///   - limit: How many, at least 1.
    ///   - after: The `next` of the page before; nil, the default, for the first.
    ///   - withSpec: Whether the specifications are read; default false.
    package func list(
        _ filter: JobFilter = JobFilter(), limit: Int, after: JobID? = nil, withSpec: Bool = false
    ) async throws(StoreError) -> JobListPage {
        precondition(limit >= 1, "a page holds at least one job")
        return try await read { db in
            let (condition, arguments) = filter.condition(after: after)
            let sql = "\(JobRecord.selection(withSpec: withSpec)) WHERE \(condition) ORDER BY jobs.id DESC LIMIT ?"
            // Of states and labels there may be many numbers, each with a statement of its own: those are not kept.
            let isUsual = filter.labels.isEmpty && filter.states.count <= 1
            let statement = try isUsual ? db.cachedStatement(sql: sql) : db.makeStatement(sql: sql)
            let cursor = try Row.fetchCursor(statement, arguments: arguments + [limit + 1])
            var page = JobListPage(jobs: [], next: nil)
            var (bytes, rows) = (0, 0)
            var last: JobID?
            while let row = try cursor.next() {
                if rows == limit || bytes >= Self.largestPageBytes {
                    page.next = last
                    break
                }
                rows += 1
                bytes += row.textBytes
                let text: String? = row["id"]
                last = text.flatMap { JobID($0) } ?? last
                do throws(StoreError) {
                    page.jobs.append(try JobRecord(row: row, labels: [:]))
                } catch {
                    page.unreadable.append(text ?? "")
                }
            }
            try Self.fillIn(labelsOf: &page.jobs, in: db)
            page.positions = try Self.positions(of: page.jobs, in: db)
            return page
        }
    }

    /// A page of a list of jobs is not much larger than this.
    static let largestPageBytes = 8 << 20

    /// How many jobs are in each state; a state without jobs is left out. They are counted at the opening and
    /// kept up to date with every commit.
    package func counts() async throws(StoreError) -> [JobState: Int] {
        if let counts = writer.stateCounts { return counts.byState }
        return try await read { db in try StateCounts(counting: db).byState }
    }

    /// The newest job's id; nil when there is no job. A sequence of ids goes on after it.
    package func newestJobID() async throws(StoreError) -> JobID? {
        try await read { db in
            let cursor = try String.fetchCursor(db, sql: "SELECT id FROM jobs ORDER BY id DESC")
            while let text = try cursor.next() {
                if let id = JobID(text) { return id }
            }
            return nil
        }
    }

    // MARK: Inside a transaction

    static func fetch(_ id: JobID, in db: Database) throws -> JobRecord {
        guard let job = try fetchOptional(id, in: db) else { throw StoreError.noSuchJob(id) }
        return job
    }

    static func fetchOptional(_ id: JobID, withSpec: Bool = false, in db: Database) throws -> JobRecord? {
        let statement = try db.cachedStatement(sql: "\(JobRecord.selection(withSpec: withSpec)) WHERE jobs.id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.description]) else { return nil }
        let labels = try db.cachedStatement(sql: "SELECT name, value FROM labels WHERE job_id = ?")
        let pairs = try Row.fetchAll(labels, arguments: [id.description]).map {
            ($0["name"] as String, $0["value"] as String)
        }
        do throws(StoreError) {
            return try JobRecord(row: row, labels: Dictionary(pairs) { first, _ in first })
        } catch {
            throw StoreError.damagedJob(id, error.description)
        }
    }

    /// The labels of a whole page by one query.
    private static func fillIn(labelsOf jobs: inout [JobRecord], in db: Database) throws {
        guard let newest = jobs.first?.id, let oldest = jobs.last?.id else { return }
        let places = jobs.map { _ in "?" }.joined(separator: ", ")
        let rows = try Row.fetchAll(
            db, sql: "SELECT job_id, name, value FROM labels WHERE job_id BETWEEN ? AND ? AND job_id IN (\(places))",
            arguments: [oldest.description, newest.description] + StatementArguments(jobs.map(\.id.description)))
        let byJob = Dictionary(grouping: rows) { $0["job_id"] as String }
        for index in jobs.indices {
            for row in byJob[jobs[index].id.description] ?? [] {
                jobs[index].labels[row["name"]] = row["value"] as String
            }
        }
    }
}

extension Row {
    /// How many bytes its texts and blobs have.
    fileprivate var textBytes: Int {
        var bytes = 0
        for (_, value) in self {
            switch value.storage {
            case .string(let text): bytes += text.utf8.count
            case .blob(let data): bytes += data.count
            default: bytes += 8
            }
        }
        return bytes
    }
}
