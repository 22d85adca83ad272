package import Formats
package import Jobs

/// A delivery of a webhook and what came of it (an element of `GET /v1/webhooks/deliveries`).
package struct DeliveryView: WireValue, Hashable {
    /// Its id, which the receiver is told.
    package var id: String
    /// The job.
    package var jobID: JobID
    /// Where it goes.
    package var url: String
    /// The type of its message: `job.succeeded`.
    package var type: String
    /// The number of the event that it tells.
    package var seq: Int
    /// How far it is.
    package var state: DeliveryState
    /// How often it was tried.
    package var attempts: Int
    /// When its event happened.
    package var createdAt: Timestamp
    /// When it is tried next; nil where it is settled.
    package var nextAttemptAt: Timestamp?
    /// When it was tried last; nil before.
    package var lastAttemptAt: Timestamp?
    /// The status that it was answered last; nil where there was no answer.
    package var lastStatus: Int?
    /// What went wrong last; nil where nothing did.
    package var lastError: String?

    /// Makes a delivery that was not tried yet; the rest is set afterwards.
    package init(
        id: String, jobID: JobID, url: String, type: String, seq: Int, state: DeliveryState, createdAt: Timestamp
    ) {
        self.id = id
        self.jobID = jobID
        self.url = url
        self.type = type
        self.seq = seq
        self.state = state
        self.createdAt = createdAt
        attempts = 0
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            id: try wire.required("id").string(), jobID: try wire.required("job_id").jobID(),
            url: try wire.required("url").string(), type: try wire.required("type").string(),
            seq: try wire.required("seq").int(), state: try wire.required("state").choice(),
            createdAt: try wire.required("created_at").timestamp())
        attempts = try wire.required("attempts").int()
        nextAttemptAt = try wire.optional("next_attempt_at")?.timestamp()
        lastAttemptAt = try wire.optional("last_attempt_at")?.timestamp()
        lastStatus = try wire.optional("last_status")?.int()
        lastError = try wire.optional("last_error")?.string()
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "id": .string(id), "job_id": .string(jobID.description), "url": .string(url), "type": .string(type),
            "seq": JSON(seq), "state": .string(state.rawValue), "attempts": JSON(attempts),
            "created_at": .string(createdAt.rfc3339),
            "next_attempt_at": .optional(nextAttemptAt) { .string($0.rfc3339) },
            "last_attempt_at": .optional(lastAttemptAt) { .string($0.rfc3339) },
            "last_status": .optional(lastStatus) { JSON($0) }, "last_error": .optional(lastError, JSON.string),
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "id": Schema.string.means("Its id: the webhook-id that the receiver is told"),
            "job_id": Schema.string.means("The job, which may be deleted by now"),
            "url": Schema.string.means("Where it goes"),
            "type": Schema.string.means("What it tells: job. and the state in small letters"),
            "seq": Schema.integer(1...).means("The number of the event that it tells"),
            "state": Schema.words(of: DeliveryState.self).means(
                "PENDING: it is to be tried. DELIVERED: the receiver has taken it. DEAD: it was tried as often as may be"
            ),
            "attempts": Schema.integer(0...).means("How many times it was tried"),
            "created_at": Schema.timestamp.means("When the event happened"),
            "next_attempt_at": Schema.nullable(Schema.timestamp).means(
                "When it is tried next; null where it is settled"),
            "last_attempt_at": Schema.nullable(Schema.timestamp).means("When it was tried last; null before"),
            "last_status": Schema.nullable(Schema.integer(0...999)).means(
                "The status that it was answered last; null without an answer"),
            "last_error": Schema.nullable(Schema.string).means("What went wrong last; null where nothing did"),
        ])
    }
}

/// A page of deliveries (`GET /v1/webhooks/deliveries`), newest first.
package struct DeliveryPage: WireValue, Hashable {
    /// The deliveries.
    package var deliveries: [DeliveryView]
    /// What to ask for the next page with; nil when this is the last.
    package var nextPageToken: String?

    /// Makes a page; the last one unless a token is given.
    package init(_ deliveries: [DeliveryView], nextPageToken: String? = nil) {
        self.deliveries = deliveries
        self.nextPageToken = nextPageToken
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            try wire.required("deliveries").list(), nextPageToken: try wire.optional("next_page_token")?.string())
    }

    /// The JSON form.
    package var wire: JSON {
        ["deliveries": .array(deliveries.map(\.wire)), "next_page_token": .optional(nextPageToken, JSON.string)]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "deliveries": Schema.list(of: Schema.reference("Delivery")).means("The deliveries, newest first"),
            "next_page_token": Schema.nullable(Schema.string).means(
                "page_token of the next page; null on the last one"),
        ])
    }
}
