import GRDB
package import Jobs

/// A delivery of a webhook as it is stored: what is told, to whom, and what came of it.
package struct DeliveryRecord: Hashable, Sendable {
    /// Its number among all deliveries; later is larger.
    package var number: Int
    /// Its id, which the receiver is told.
    package var id: String
    /// The job's name.
    package var jobName: String
    /// Whose job it is.
    package var owner: String
    /// Where it goes.
    package var url: String
    /// Scheme, host and port of that.
    package var origin: String
    /// What happened.
    package var event: EventRecord
    /// How far it is.
    package var state: DeliveryState
    /// How often it was tried.
    package var attempts: Int
    /// How often it was tried since it came, or since somebody asked for it again.
    package var tries: Int
    /// When it is tried next; nil where it is settled.
    package var dueAt: Timestamp?
    /// When it was tried last.
    package var lastAt: Timestamp?
    /// The status that it was answered last.
    package var lastStatus: Int?
    /// What went wrong last.
    package var lastError: String?

    /// A delivery that was not tried yet; the rest is set afterwards.
    package init(
        number: Int, id: String, jobName: String, owner: String, url: String, origin: String, event: EventRecord,
        dueAt: Timestamp
    ) {
        self.number = number
        self.id = id
        self.jobName = jobName
        self.owner = owner
        self.url = url
        self.origin = origin
        self.event = event
        self.dueAt = dueAt
        state = .pending
        attempts = 0
        tries = 0
    }

    /// Reads a row.
    init(_ row: Row) throws(StoreError) {
        let reader = RowReader(row)
        self.init(
            number: row["number"], id: row["id"], jobName: row["job_name"], owner: row["owner"], url: row["url"],
            origin: row["origin"],
            event: EventRecord(
                seq: row["seq"], job: try reader.id("job_id"), type: Event.Kind.state.rawValue, at: reader.time("at"),
                from: try reader.optionalWord("from_state"), to: try reader.word("to_state"), attempt: row["attempt"],
                data: row["data"]), dueAt: reader.time("at"))
        state = try reader.word("state")
        attempts = row["attempts"]
        tries = row["tries"]
        dueAt = reader.optionalTime("due_at")
        lastAt = reader.optionalTime("last_at")
        lastStatus = row["last_status"]
        lastError = row["last_error"]
    }
}

/// A page of deliveries.
package struct DeliveryListPage: Hashable, Sendable {
    /// The deliveries, newest first.
    package var deliveries: [DeliveryRecord]
    /// The number before which the next page begins; nil when this is the last.
    package var next: Int?
}

/// What came of one try of a delivery.
package struct DeliveryAttempt: Hashable, Sendable {
    /// What becomes of the delivery.
    package enum Outcome: Hashable, Sendable {
        /// The receiver has taken it.
        case delivered
        /// It is tried again then.
        case again(at: Timestamp)
        /// It is not tried again.
        case dead
    }

    /// The delivery.
    package var id: String
    /// When it ended.
    package var at: Timestamp
    /// What becomes of the delivery.
    package var outcome: Outcome
    /// The status that it was answered; nil where there was no answer.
    package var status: Int?
    /// What went wrong; nil where nothing did.
    package var error: String?

    /// Makes the value.
    package init(id: String, at: Timestamp, outcome: Outcome, status: Int?, error: String?) {
        self.id = id
        self.at = at
        self.outcome = outcome
        self.status = status
        self.error = error
    }
}
