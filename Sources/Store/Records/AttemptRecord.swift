package import Jobs
import GRDB

/// One attempt as it is stored.
package struct AttemptRecord: Hashable, Sendable {
    /// Its number, from 1.
    package var attempt: Int
    /// When it began.
    package var startedAt: Timestamp
    /// The global step that it began at, as its worker said; until then that of the checkpoint it was to go on from.
    package var startStep: Int
    /// The cores that it holds or held; nil for an attempt of an older version, which is not known any more.
    package var placement: Placement?
    /// How many cores that are.
    package var cores: Int
    /// How long it has run, in seconds of a clock that never goes back: while it is live, as far as that was stored.
    package var secondsRun: Double
    /// When it ended; nil while it is live.
    package var finishedAt: Timestamp?
    /// How it ended; nil while it is live.
    package var end: AttemptEnd?
    /// The global step that it ended at; nil while it is live.
    package var endStep: Int?
    /// What went wrong.
    package var failure: JobFailure?
}

/// A checkpoint as it is stored.
package struct StoredCheckpoint: Hashable, Sendable {
    /// The global step.
    package var step: Int
    /// The attempt that wrote it.
    package var attempt: Int
    /// When it was written.
    package var createdAt: Timestamp
    /// Why it has not been removed.
    package var keptBecause: String
    /// What is known of it.
    package var state: CheckpointState
    /// Its files by name.
    package var files: [CheckpointFile]

    /// The word of ``keptBecause`` for one that its evaluation keeps.
    package static let best = "BEST"
    /// The word for one that was the best before, and stays as long as it is among the newest.
    package static let newest = "NEWEST"

    /// Makes a checkpoint, a good one unless given otherwise.
    package init(
        step: Int, attempt: Int, createdAt: Timestamp, keptBecause: String, state: CheckpointState = .good,
        files: [CheckpointFile]
    ) {
        self.step = step
        self.attempt = attempt
        self.createdAt = createdAt
        self.keptBecause = keptBecause
        self.state = state
        self.files = files
    }

    /// The files' lengths in all; as much as a number holds where a worker names more.
    package var bytes: Int {
        files.reduce(0) { sum, file in
            let (longer, isTooLong) = sum.addingReportingOverflow(file.bytes)
            return isTooLong ? .max : longer
        }
    }
}

/// One point of a step series.
package struct MetricPoint: Hashable, Sendable {
    /// The series: `loss`, `eval/accuracy`, …
    package var name: String
    /// The global step.
    package var step: Int
    /// The value; nil when it is not finite.
    package var value: Double?
    /// When it happened.
    package var at: Timestamp

    /// Makes a point; a value that is not finite becomes nil.
    package init(name: String, step: Int, value: Double?, at: Timestamp) {
        self.name = name
        self.step = step
        self.value = value.flatMap { $0.isFinite ? $0 : nil }
        self.at = at
    }
}

/// One event as it is stored.
package struct EventRecord: Hashable, Sendable {
    /// Its number among all events.
    package var seq: Int
    /// The job.
    package var job: JobID
    /// What kind: `STATE`, `CHECKPOINT`, `CHECKPOINT_DAMAGED`, `PATCH`, `HELD`.
    package var type: String
    /// When it happened.
    package var at: Timestamp
    /// The state before.
    package var from: JobState?
    /// The state after.
    package var to: JobState?
    /// The attempt that it belongs to; 0 before the first.
    package var attempt: Int
    /// More about it: a JSON object.
    package var data: String

    /// Makes an event of its members.
    package init(
        seq: Int, job: JobID, type: String, at: Timestamp, from: JobState?, to: JobState?, attempt: Int, data: String
    ) {
        self.seq = seq
        self.job = job
        self.type = type
        self.at = at
        self.from = from
        self.to = to
        self.attempt = attempt
        self.data = data
    }

    init(_ row: Row) throws(StoreError) {
        let reader = RowReader(row)
        seq = row["seq"]
        job = try reader.id("job_id")
        type = row["type"]
        at = reader.time("at")
        from = try reader.optionalWord("from_state")
        to = try reader.optionalWord("to_state")
        attempt = row["attempt"]
        data = row["data"]
    }
}

/// A page of events.
package struct EventPage: Hashable, Sendable {
    /// The events, oldest first.
    package var events: [EventRecord]
    /// The number of the last row that it covers, also where that can't be read; where the page began when it is empty.
    package var last: Int
    /// The number after which the next page begins; nil when this is the last.
    package var next: Int?
}
