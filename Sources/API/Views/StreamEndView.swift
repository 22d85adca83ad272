package import Formats
package import Jobs

/// The last event of a finished job's stream (`event: end`): what became of it.
package struct StreamEndView: WireValue, Hashable {
    /// Its kind.
    package static let event = "end"

    /// The job.
    package var jobID: JobID
    /// Its final state.
    package var state: JobState
    /// A word about why it is in that state.
    package var stateReason: String?
    /// Its version.
    package var version: Int
    /// When it ended.
    package var finishedAt: Timestamp?

    /// Makes an end.
    package init(jobID: JobID, state: JobState, stateReason: String?, version: Int, finishedAt: Timestamp?) {
        self.jobID = jobID
        self.state = state
        self.stateReason = stateReason
        self.version = version
        self.finishedAt = finishedAt
    }

    /// Reads the JSON form.
    package init(wire: WireReader) throws(APIError) {
        self.init(
            jobID: try wire.required("job_id").jobID(), state: try wire.required("state").choice(),
            stateReason: try wire.optional("state_reason")?.string(), version: try wire.required("version").int(),
            finishedAt: try wire.optional("finished_at")?.timestamp())
    }

    /// The JSON form.
    package var wire: JSON {
        [
            "job_id": .string(jobID.description), "state": .string(state.rawValue),
            "state_reason": .optional(stateReason, JSON.string), "version": JSON(version),
            "finished_at": .optional(finishedAt) { .string($0.rfc3339) },
        ]
    }

    /// The schema of the JSON form.
    package static var schema: JSON {
        Schema.object([
            "job_id": Schema.string.means("The job"),
            "state": Schema.words(of: JobState.self).means("Its final state"),
            "state_reason": Schema.nullable(Schema.string).means("A word about why it is in that state"),
            "version": Schema.integer(1...).means("Its version"),
            "finished_at": Schema.nullable(Schema.timestamp).means("When it ended"),
        ])
    }
}
