import Formats
import GRDB
import Jobs

/// What webhooks are to be told, written with what happens: what is committed is told, and nothing else.
enum Outbox {
    /// Adds a delivery for each webhook of the event's job that wants to know of its state.
    ///
    /// - Parameter seq: The event's number.
    static func add(_ event: Event, seq: Int64, in db: Database, _ batch: inout Writer.Batch) throws {
        let job = event.job.description
        let webhooks = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT url, origin FROM webhooks WHERE job_id = ? AND state = ? ORDER BY number"),
            arguments: [job, event.to?.rawValue])
        for row in webhooks {
            let (url, origin) = (row["url"] as String, row["origin"] as String)
            try db.cachedStatement(
                sql: """
                    INSERT INTO deliveries(id, job_id, job_name, owner, url, origin, seq, from_state, to_state, attempt,
                      at, data, state, due_at)
                    SELECT ?, jobs.id, jobs.name, jobs.owner, ?, ?, events.seq, events.from_state, events.to_state,
                      events.attempt, events.at, events.data, 'PENDING', events.at
                    FROM events JOIN jobs ON jobs.id = events.job_id WHERE events.seq = ?
                    """
            ).execute(arguments: [newID(), url, origin, seq])
            batch.hasDeliveries = true
        }
    }

    /// Keeps whom a new job's states are told to.
    static func insert(_ webhooks: [Webhook], of job: JobID, in db: Database) throws {
        for (number, webhook) in webhooks.enumerated() {
            for state in webhook.states {
                try db.cachedStatement(
                    sql: "INSERT INTO webhooks(job_id, state, number, url, origin) VALUES (?, ?, ?, ?, ?)"
                ).execute(arguments: [
                    job.description, state.rawValue, number, webhook.url.text, webhook.url.origin,
                ])
            }
        }
    }

    /// An id that no other delivery has, of this database or of any.
    private static func newID() -> String {
        let words = (0..<2).map { _ in UInt64.random(in: .min ... .max) }
        return "msg_" + words.map { Hexadecimal.text($0, digits: 16) }.joined()
    }
}
