package import Formats
package import Jobs

/// Something that happened to a job (an element of `events`).
package struct EventView: WireValue, Hashable {
    /// Its number among all events of the daemon; later is larger.
    package var seq: Int
    /// The job.
    package var jobID: JobID
    /// What kind: `STATE`, `CHECKPOINT`, `CHECKPOINT_DAMAGED`, `HELD`, `PATCH`.
    package var type: String
    /// When it happened.
    package var at: Timestamp
    /// The state before; nil when it is not a change of state, or the first.
    package var from: JobState?
    /// The state after; nil when it is not a change of state.
    package var to: JobState?
    /// The attempt that it belongs to; 0 before the first.
    package var attempt: Int
    /// More about it, an object.
    package var data: JSON

    /// Makes an event; without states and with no data unless given.
    package init(
        seq: Int, jobID: JobID, type: String, at: Timestamp, from: JobState? = nil, to: JobState? = nil, attempt: Int,
        data: JSON = [:]
    ) {
        self.seq = seq
        self.jobID = jobID
        self.type = type
        self.at = at
        self.from = from
        self.to = to
        self.attempt = attempt
        self.data = data
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            seq: try wire.required("seq").int(), jobID: try wire.required("job_id").jobID(),
            type: try wire.required("type").string(), at: try wire.required("at").timestamp(),
            from: try wire.optional("from")?.choice(), to: try wire.optional("to")?.choice(),
            attempt: try wire.required("attempt").int(), data: try wire.required("data").json)
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "seq": JSON(seq), "job_id": .string(jobID.description), "type": .string(type),
            "at": .string(at.rfc3339), "from": .optional(from) { .string($0.rawValue) },
            "to": .optional(to) { .string($0.rawValue) }, "attempt": JSON(attempt), "data": data,
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        let state = Schema.nullable(Schema.words(of: JobState.self))
        return Schema.object([
            "seq": Schema.integer(1...).means("Its number among all events of the daemon; later is larger"),
            "job_id": Schema.string.means("The job"),
            "type": Schema.string.means(
                "STATE, CHECKPOINT, CHECKPOINT_DAMAGED, HELD or PATCH; later versions may have more"),
            "at": Schema.timestamp.means("When"),
            "from": state.means("The state before; null where it is not a change of state, or the first"),
            "to": state.means("The state after; null where it is not a change of state"),
            "attempt": Schema.integer(0...).means("The attempt that it belongs to; 0 before the first"),
            "data": Schema.anyObject.means("More about it, by type"),
        ])
    }
}
