package import Jobs
import GRDB

/// A job that was under way when the daemon ended, and where it is now.
package struct RecoveredJob: Hashable, Sendable {
    /// The job.
    package var job: JobID
    /// The state that it was found in.
    package var from: JobState
    /// The state that it has now.
    package var to: JobState

    /// Makes the value.
    package init(job: JobID, from: JobState, to: JobState) {
        self.job = job
        self.from = from
        self.to = to
    }
}

extension JobStore {
    /// Takes up what the end of the last daemon left: every job in STARTING, RUNNING or STOPPING has its attempt
    /// ended as INTERRUPTED and goes where that leads (to QUEUED, or where it was stopping to), all in one
    /// transaction. To be called before anything is started.
    package func recover(at now: Timestamp) async throws(StoreError) -> [RecoveredJob] {
        try await writer.write(isVital: true) { db, batch in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT jobs.id, jobs.version, jobs.state, jobs.stop_intent, attempts.attempt, attempts.start_step, attempts.seconds_run,
                      max(attempts.start_step, coalesce(jobs.checkpoint_step, 0)) AS end_step
                    FROM jobs JOIN attempts ON attempts.job_id = jobs.id AND attempts.finished_at IS NULL
                    ORDER BY jobs.id
                    """)
            return try rows.map { row in
                let reader = RowReader(row)
                let id = try reader.id("id")
                let state: JobState = try reader.word("state")
                let startStep: Int = row["start_step"]
                let endStep: Int = row["end_step"]
                let end = AttemptEnd(outcome: .interrupted, ranStep: endStep > startStep, byDaemonsEnd: true)
                let action = JobMachine(state: state, intent: try reader.optionalWord("stop_intent"))
                    .attemptEnded(end, earlier: [], policy: RetryPolicy())
                guard case .move(let move) = action else { throw StoreError.damaged("job \(id) has a live attempt") }
                try Self.apply(
                    AttemptFinish(
                        attempt: row["attempt"], end: end, endStep: endStep, secondsRun: row["seconds_run"],
                        change: StateChange(job: id, version: row["version"], move: move, at: now)),
                    in: db, &batch)
                return RecoveredJob(job: id, from: state, to: move.to)
            }
        }
    }
}
