package import Jobs
import GRDB

/// What scheduling and supervision need of a job that is not finished.
package struct LiveJob: Hashable, Sendable {
    /// The job.
    package var id: JobID
    /// Its priority.
    package var priority: Int
    /// Its state.
    package var state: JobState
    /// Whether it is held.
    package var isHeld: Bool
    /// Its version.
    package var version: Int
    /// The number of its current or last attempt.
    package var attempt: Int
    /// The size of its slice; nil for a job that holds no cores.
    package var slice: Slice?
    /// The cores that it holds.
    package var placement: Placement?
    /// When its backoff is over.
    package var retryAt: Timestamp?
    /// How long its backoffs are, in seconds.
    package var backoffSeconds: Double
    /// When it was submitted.
    package var createdAt: Timestamp
    /// After this it is not started a first time any more.
    package var startDeadline: Timestamp?
    /// Why it is stopping.
    package var stopIntent: StopIntent?
    /// When its worker is killed.
    package var stopDeadline: Timestamp?

    /// What a query of them selects.
    static let columns = """
        id, priority, state, held, version, attempt, shards, placement, retry_at, backoff_seconds, created_at,
        start_deadline, stop_intent, stop_deadline
        """

    /// Reads a row of these columns.
    init(_ row: Row) throws(StoreError) {
        let reader = RowReader(row)
        id = try reader.id("id")
        priority = row["priority"]
        state = try reader.word("state")
        isHeld = (row["held"] as String?) != nil
        version = row["version"]
        attempt = row["attempt"]
        slice = try reader.slice("shards")
        placement = try reader.placement("placement", slice: slice)
        retryAt = reader.optionalTime("retry_at")
        backoffSeconds = row["backoff_seconds"]
        createdAt = reader.time("created_at")
        startDeadline = reader.optionalTime("start_deadline")
        stopIntent = try reader.optionalWord("stop_intent")
        stopDeadline = reader.optionalTime("stop_deadline")
    }
}
