package import Formats
package import Jobs

/// One run of a job in a worker process (an element of `attempts`).
package struct AttemptView: WireValue, Hashable {
    /// Its number, from 1.
    package var attempt: Int
    /// How it ended; nil while it runs.
    package var outcome: AttemptOutcome?
    /// When it began.
    package var startedAt: Timestamp
    /// When it ended.
    package var finishedAt: Timestamp?
    /// The global step that it began at.
    package var startStep: Int
    /// The global step that it ended at; nil while it runs.
    package var endStep: Int?
    /// What went wrong.
    package var error: JobFailure?

    /// Makes an attempt; what is not given is nil.
    package init(
        attempt: Int, outcome: AttemptOutcome? = nil, startedAt: Timestamp, finishedAt: Timestamp? = nil,
        startStep: Int, endStep: Int? = nil, error: JobFailure? = nil
    ) {
        self.attempt = attempt
        self.outcome = outcome
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.startStep = startStep
        self.endStep = endStep
        self.error = error
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            attempt: try wire.required("attempt").int(), outcome: try wire.optional("outcome")?.choice(),
            startedAt: try wire.required("started_at").timestamp(),
            finishedAt: try wire.optional("finished_at")?.timestamp(),
            startStep: try wire.required("start_step").int(), endStep: try wire.optional("end_step")?.int(),
            error: try wire.value("error"))
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "attempt": JSON(attempt), "outcome": .optional(outcome) { .string($0.rawValue) },
            "started_at": .string(startedAt.rfc3339), "finished_at": .optional(finishedAt) { .string($0.rfc3339) },
            "start_step": JSON(startStep), "end_step": .optional(endStep) { JSON($0) },
            "error": .optional(error, \.wire),
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "attempt": Schema.integer(1...).means("Its number, from 1"),
            "outcome": Schema.nullable(Schema.words(of: AttemptOutcome.self)).means("How it ended; null while it runs"),
            "started_at": Schema.timestamp.means("When it began"),
            "finished_at": Schema.nullable(Schema.timestamp).means("When it ended; null while it runs"),
            "start_step": Schema.integer(0...).means("The global step that it began at"),
            "end_step": Schema.nullable(Schema.integer(0...)).means(
                "The global step that it ended at; null while it runs"),
            "error": Schema.nullable(JobFailure.schema).means("What went wrong; null where nothing did"),
        ])
    }
}
