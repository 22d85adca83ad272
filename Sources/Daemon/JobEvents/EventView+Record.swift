package import API
package import Formats
import Jobs
package import Store

extension EventView {
    /// A stored event as the API shows it.
    /// - Throws: `JSONError` where the database is damaged.
    package init(_ event: EventRecord) throws(JSONError) {
        self.init(
            seq: event.seq, jobID: event.job, type: event.type, at: event.at, from: event.from, to: event.to,
            attempt: event.attempt, data: try JSON(parsing: event.data, limits: .own))
    }
}

extension StreamEndView {
    /// The end of a finished job's events.
    package init(_ job: JobRecord) {
        self.init(
            jobID: job.id, state: job.state, stateReason: job.stateReason?.rawValue, version: job.version,
            finishedAt: job.finishedAt)
    }
}
