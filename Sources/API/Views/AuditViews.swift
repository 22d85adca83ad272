package import Formats
package import Jobs

/// An entry of the audit trail: who asked what of what, and what came of it (an element of `GET /v1/audit`).
package struct AuditEntryView: WireValue, Hashable {
    /// Its number; later is larger.
    package var number: Int
    /// When it was done.
    package var at: Timestamp
    /// Who asked.
    package var principal: String
    /// The id of the token that said so.
    package var token: String?
    /// What was asked for.
    package var verb: String
    /// The job, which may be deleted by now.
    package var jobID: String?
    /// The host.
    package var host: Int?
    /// The delivery of a webhook.
    package var deliveryID: String?
    /// The request's id.
    package var requestID: String
    /// What came of it.
    package var result: String

    /// Makes an entry.
    package init(
        number: Int, at: Timestamp, principal: String, token: String?, verb: String, jobID: String? = nil,
        host: Int? = nil, deliveryID: String? = nil, requestID: String, result: String
    ) {
        self.number = number
        self.at = at
        self.principal = principal
        self.token = token
        self.verb = verb
        self.jobID = jobID
        self.host = host
        self.deliveryID = deliveryID
        self.requestID = requestID
        self.result = result
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            number: try wire.required("number").int(), at: try wire.required("at").timestamp(),
            principal: try wire.required("principal").string(), token: try wire.optional("token")?.string(),
            verb: try wire.required("verb").string(), jobID: try wire.optional("job_id")?.string(),
            host: try wire.optional("host")?.int(), deliveryID: try wire.optional("delivery_id")?.string(),
            requestID: try wire.required("request_id").string(), result: try wire.required("result").string())
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "number": JSON(number), "at": .string(at.rfc3339), "principal": .string(principal),
            "token": .optional(token, JSON.string), "verb": .string(verb), "job_id": .optional(jobID, JSON.string),
            "host": .optional(host) { JSON($0) }, "delivery_id": .optional(deliveryID, JSON.string),
            "request_id": .string(requestID), "result": .string(result),
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "number": Schema.integer(1...).means("Its number; later is larger"),
            "at": Schema.timestamp.means("When it was done"),
            "principal": Schema.string.means("Who asked: an owner's name"),
            "token": Schema.nullable(Schema.string).means(
                "The id of the token that said so, which is not a secret; null where none was needed"),
            "verb": Schema.string.means(
                "What was asked for: submit, change, delete, redeliver, or a verb of a job or a host"),
            "job_id": Schema.nullable(Schema.string).means("The job, which may be deleted by now; null for a host"),
            "host": Schema.nullable(Schema.integer(0...)).means("The host; null for a job"),
            "delivery_id": Schema.nullable(Schema.string).means("The delivery that was asked for again; else null"),
            "request_id": Schema.string.means("The request's id, as its answer and the logs have it"),
            "result": Schema.string.means(
                "The state that it led to; CHANGED, DELETED, or ASKED where a worker was asked for a checkpoint or a profile"
            ),
        ])
    }
}

/// A page of the audit trail (`GET /v1/audit`), newest first.
package struct AuditPage: WireValue, Hashable {
    /// The entries.
    package var entries: [AuditEntryView]
    /// What to ask for the next page with; nil when this is the last.
    package var nextPageToken: String?

    /// Makes a page; the last one unless a token is given.
    package init(_ entries: [AuditEntryView], nextPageToken: String? = nil) {
        self.entries = entries
        self.nextPageToken = nextPageToken
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            try wire.required("entries").list(), nextPageToken: try wire.optional("next_page_token")?.string())
    }

    /// The JSON form.
    package var wire: JSON {
        ["entries": .array(entries.map(\.wire)), "next_page_token": .optional(nextPageToken, JSON.string)]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "entries": Schema.list(of: AuditEntryView.schema).means("The entries, newest first"),
            "next_page_token": Schema.nullable(Schema.string).means(
                "page_token of the next page; null on the last one"),
        ])
    }
}
