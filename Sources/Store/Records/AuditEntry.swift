import GRDB
package import Jobs

/// Who asks for something that changes something: what is kept of it in the transaction that does it.
package struct AuditMark: Hashable, Sendable {
    /// Who asks: an owner's name.
    package var principal: String
    /// The id of the token that says so; nil where none was needed.
    package var token: String?
    /// What is asked for: `submit`, `cancel`, `drain`, …
    package var verb: String
    /// The request's id, which answer and log have, too.
    package var requestID: String

    /// Makes the mark of a request.
    package init(principal: String, token: String?, verb: String, requestID: String) {
        self.principal = principal
        self.token = token
        self.verb = verb
        self.requestID = requestID
    }
}

/// An entry of the audit trail.
package struct AuditEntry: Hashable, Sendable {
    /// Its number; later is larger.
    package var number: Int
    /// When it was done.
    package var at: Timestamp
    /// Who asked for what.
    package var mark: AuditMark
    /// The job that it was asked of; also that of a delivery.
    package var job: String?
    /// The host that it was asked of.
    package var host: Int?
    /// The delivery of a webhook that it was asked of.
    package var delivery: String?
    /// What came of it: the state that it led to, or another word.
    package var result: String

    /// Reads a row.
    init(_ row: Row) {
        number = row["number"]
        at = RowReader(row).time("at")
        mark = AuditMark(
            principal: row["principal"], token: row["token"], verb: row["verb"], requestID: row["request_id"])
        job = row["job_id"]
        host = row["host"]
        delivery = row["delivery_id"]
        result = row["result"]
    }
}

/// A page of the audit trail.
package struct AuditListPage: Hashable, Sendable {
    /// The entries, newest first.
    package var entries: [AuditEntry]
    /// The number before which the next page begins; nil when this is the last.
    package var next: Int?
}
