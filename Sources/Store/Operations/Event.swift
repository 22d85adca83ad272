import GRDB
import Jobs

/// An event that is about to be appended.
struct Event {
    /// The kinds of event.
    enum Kind: String {
        case state = "STATE"
        case checkpoint = "CHECKPOINT"
        case damaged = "CHECKPOINT_DAMAGED"
        case patch = "PATCH"
        case held = "HELD"
    }

    /// What a member of `data` holds.
    enum Value {
        case text(String)
        case number(Int)
    }

    let job: JobID
    let type: Kind
    let at: Timestamp
    var from: JobState?
    var to: JobState?
    let attempt: Int
    /// Members of `data`; one that is nil is left out.
    var data: KeyValuePairs<String, Value?> = [:]

    /// Appends it, and says so to whoever is told of the commit.
    func insert(in db: Database, _ batch: inout Writer.Batch) throws {
        // json_patch leaves out members that are null (RFC 7396).
        var sql = "INSERT INTO events(job_id, type, at, from_state, to_state, attempt, data) VALUES (?, ?, ?, ?, ?, ?, "
        var arguments: StatementArguments = [
            job.description, type.rawValue, at.microseconds, from?.rawValue, to?.rawValue, attempt,
        ]
        if data.contains(where: { $0.value != nil }) {
            sql += "json_patch('{}', json_object(" + data.map { _ in "?, ?" }.joined(separator: ", ") + ")))"
            for (name, value) in data {
                switch value {
                case .text(let text): arguments += [name, text]
                case .number(let number): arguments += [name, number]
                case nil: arguments += [name, nil]
                }
            }
        } else {
            sql += "'{}')"
        }
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
        if to != nil { try Outbox.add(self, seq: db.lastInsertedRowID, in: db, &batch) }
        batch.happened(to: job)
    }
}
