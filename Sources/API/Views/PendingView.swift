package import Formats
package import Jobs

/// Why a job waits and its position in the queue (`pending`).
package struct PendingView: WireValue, Hashable {
    /// Why it waits.
    package var reason: PendingReason
    /// Its position in the queue, from 1.
    package var position: Int
    /// The jobs that hold what it needs, or that are before it.
    package var blocking: [JobID]
    /// Before this it can't start; nil when that is not known.
    package var earliestStart: Timestamp?

    /// Makes an explanation.
    package init(reason: PendingReason, position: Int, blocking: [JobID] = [], earliestStart: Timestamp? = nil) {
        self.reason = reason
        self.position = position
        self.blocking = blocking
        self.earliestStart = earliestStart
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        reason = try wire.required("reason").choice()
        position = try wire.required("position").int()
        blocking = []
        for id in try wire.required("blocking").elements() { blocking.append(try id.jobID()) }
        earliestStart = try wire.optional("earliest_start")?.timestamp()
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "reason": .string(reason.rawValue), "position": JSON(position),
            "blocking": JSON(blocking.map(\.description)),
            "earliest_start": .optional(earliestStart) { .string($0.rfc3339) },
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "reason": Schema.words(of: PendingReason.self).means("Why it is not started"),
            "position": Schema.integer(1...).means("Its position in the queue, from 1"),
            "blocking": Schema.list(of: Schema.string).means(
                "Ids of the jobs that hold what it needs, or that are before it"),
            "earliest_start": Schema.nullable(Schema.timestamp).means(
                "It can't start before; null where that is not known"),
        ])
    }
}
