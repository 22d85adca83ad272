package import Formats
package import Jobs

/// What the receiver of a webhook is sent, as Standard Webhooks has it: type, timestamp and data. The same delivery has the same
/// bytes each time.
package struct WebhookMessage: WireValue, Hashable {
    /// The name of the job that it is about.
    package var name: String
    /// Whose job it is.
    package var owner: String
    /// What happened: a change of state.
    package var event: EventView

    /// The field with the delivery's id.
    package static let idField = "webhook-id"
    /// The field with the moment at which it is sent, in seconds since 1970.
    package static let timestampField = "webhook-timestamp"
    /// The field with the signatures.
    package static let signatureField = "webhook-signature"

    /// Makes the message of an event.
    package init(name: String, owner: String, event: EventView) {
        self.name = name
        self.owner = owner
        self.event = event
    }

    /// `job.succeeded`, and so on for each state.
    package var type: String { Self.type(event.to, event.type) }

    /// The type of an event's message, by the state that it came to.
    package static func type(_ state: JobState?, _ event: String) -> String {
        "job.\((state?.rawValue ?? event).lowercased())"
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        // Both follow from the event; a message without them is not one.
        _ = (try wire.required("type").string(), try wire.required("timestamp").timestamp())
        let data = try wire.required("data")
        self.init(
            name: try data.required("name").string(), owner: try data.required("owner").string(),
            event: try EventView(wire: try data.required("event")))
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "type": .string(type), "timestamp": .string(event.at.rfc3339),
            "data": [
                "job_id": .string(event.jobID.description), "name": .string(name), "owner": .string(owner),
                "event": event.wire,
            ],
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        let data = Schema.object([
            "job_id": Schema.string.means("The job"), "name": Schema.string.means("What its owner called it"),
            "owner": Schema.string.means("Who submitted it"),
            "event": EventView.schema.means("What happened, as GET /v1/jobs/{id}/events tells it"),
        ])
        return Schema.object([
            "type": Schema.string.means("job. and the state in small letters: job.succeeded"),
            "timestamp": Schema.timestamp.means("When it happened"),
            "data": data.means("What happened to which job"),
        ])
    }
}
