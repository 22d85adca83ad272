import GRDB

/// The migration "2-words": rebuilds the tables that listed words in their checks (``EvolvableSchema``) and gives
/// attempts and checkpoints their new columns. Foreign keys are off while it runs and checked before it commits.
enum WordsMigration {
    static func run(in db: Database) throws {
        // A trigger that names a table which is being rebuilt would refuse its new name.
        let triggers = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
        for name in triggers { try db.execute(sql: "DROP TRIGGER \(name)") }
        let tables = [
            EvolvableSchema.jobs, EvolvableSchema.attempts, EvolvableSchema.checkpoints, EvolvableSchema.events,
            EvolvableSchema.transitions, EvolvableSchema.series,
        ]
        for statement in EvolvableSchema.words + tables + copies + sequence { try db.execute(sql: statement) }
        for table in ["jobs", "attempts", "checkpoints", "events", "transitions"] {
            try db.execute(sql: "DROP TABLE \(table)")
            try db.execute(sql: "ALTER TABLE new_\(table) RENAME TO \(table)")
        }
        for statement in EvolvableSchema.indices + EvolvableSchema.triggers { try db.execute(sql: statement) }
    }

    private static let copies = [
        """
        INSERT INTO new_jobs SELECT id, name, mode, owner, priority, state, NULL, state_reason, version, shards, device_job,
          model_dir, max_attempts, backoff_seconds, max_run_seconds, keep_checkpoint_max, preemptible, attempt,
          target_step, created_at, queued_at, start_deadline, started_at, finished_at, retry_at, stop_intent,
          stop_deadline, placement, progress, result, error_code, error_message, error_step, error_variable,
          checkpoint_step, checkpoint_sha256 FROM jobs
        """,
        // Where an ended attempt ran is not known any more but for the last one; how long, only by the wall clock.
        """
        INSERT INTO new_attempts SELECT job_id, attempts.attempt, attempts.started_at, start_step,
          CASE WHEN jobs.attempt = attempts.attempt THEN jobs.placement END, coalesce(jobs.shards, 0),
          max(0, coalesce(attempts.finished_at - attempts.started_at, 0) / 1e6), attempts.finished_at, outcome, end_step,
          ran_step, by_daemons_end, attempts.error_code, attempts.error_message, attempts.error_step,
          attempts.error_variable
        FROM attempts JOIN jobs ON jobs.id = attempts.job_id
        """,
        """
        INSERT INTO new_checkpoints SELECT job_id, step, attempt, bytes, created_at, kept_because, 'GOOD'
        FROM checkpoints
        """,
        // Steps were texts.
        """
        INSERT INTO new_events SELECT seq, job_id, type, at, from_state, to_state, attempt,
          CASE WHEN json_type(data, '$.step') = 'text'
            THEN json_set(data, '$.step', CAST(json_extract(data, '$.step') AS INTEGER)) ELSE data END
        FROM events ORDER BY seq
        """,
        "INSERT INTO new_transitions SELECT from_state, to_state FROM transitions",
        "INSERT INTO series(job_id, name, points) SELECT job_id, name, count(*) FROM metrics GROUP BY job_id, name",
    ]

    /// Numbers of events are never given twice, even when the last events have gone with their job.
    private static let sequence = [
        "DELETE FROM sqlite_sequence WHERE name = 'new_events'",
        "INSERT INTO sqlite_sequence(name, seq) SELECT 'new_events', seq FROM sqlite_sequence WHERE name = 'events'",
    ]
}
