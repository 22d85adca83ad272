package import Jobs
import GRDB

/// A page of one job's events and what the job is, in one snapshot.
package struct JobEventPage: Hashable, Sendable {
    /// The events.
    package var page: EventPage
    /// The job, without its specification; nil when the job does not exist.
    package var job: JobRecord?
}

extension JobStore {
    /// A page of the events after a number, oldest first. It ends early when its rows have a few megabytes. Numbers are
    /// given in the order of commits: what is committed later has a higher one, so that no page ever misses an event.
    ///
    /// - Parameters:
    ///   - job: Of this job; nil, the default, for every job's.
    ///   - seq: The number after which; default 0, the beginning.
    ///   - limit: How many at most; default 10,000.
    package func events(
        of job: JobID? = nil, after seq: Int = 0, limit: Int = 10_000
    ) async throws(StoreError) -> EventPage {
        precondition(limit >= 1, "a page holds at least one event")
        return try await read { [unreadable] db in
            try Self.events(of: job, after: seq, limit: limit, in: db, unreadable)
        }
    }

    /// A page of one job's events with the job as it is then. If the job has ended and this is the last page, the client has
    /// seen every event of it.
    ///
    /// - Parameters:
    ///   - seq: The number after which.
    ///   - limit: How many at most.
    package func jobEvents(
        of job: JobID, after seq: Int, limit: Int
    ) async throws(StoreError) -> JobEventPage {
        precondition(limit >= 1, "a page holds at least one event")
        return try await read { [unreadable] db in
            JobEventPage(
                page: try Self.events(of: job, after: seq, limit: limit, in: db, unreadable),
                job: try Self.fetchOptional(job, in: db))
        }
    }

    /// The number of the event before the last `last` ones; 0 if there are at most that many.
    ///
    /// - Parameters:
    ///   - job: Of this job; nil for every job's.
    ///   - last: How many, 0 or more.
    package func seq(beforeLast last: Int, of job: JobID?) async throws(StoreError) -> Int {
        try await read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT seq FROM events \(job == nil ? "" : "WHERE job_id = ?") ORDER BY seq DESC LIMIT 1 OFFSET ?
                    """, arguments: StatementArguments(job.map { [$0.description] } ?? []) + [max(0, last)]) ?? 0
        }
    }

    private static func events(
        of job: JobID?, after seq: Int, limit: Int, in db: Database, _ unreadable: UnreadableRows
    ) throws -> EventPage {
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT * FROM events WHERE seq > ? \(job == nil ? "" : "AND job_id = ?") ORDER BY seq LIMIT ?",
            arguments: [seq] + StatementArguments(job.map { [$0.description] } ?? []) + [limit + 1])
        var page = EventPage(events: [], last: seq, next: nil)
        var (count, bytes) = (0, 0)
        while let row = try rows.next() {
            if count == limit || bytes >= Self.largestPageBytes {
                page.next = page.last
                break
            }
            count += 1
            page.last = row["seq"]
            let event = unreadable.readable("events", of: row["job_id"]) { () throws(StoreError) in
                try EventRecord(row)
            }
            guard let event else { continue }
            page.events.append(event)
            bytes += event.data.utf8.count + Self.eventBytes
        }
        return page
    }

    /// What an event takes besides its data, about.
    private static let eventBytes = 256
}
