extension EvolvableSchema {
    /// The partial indices are found only by a query that has their condition word for word.
    static let indices = [
        "CREATE INDEX jobs_by_state ON jobs(state)",
        "CREATE INDEX jobs_by_owner ON jobs(owner, id)",
        "CREATE INDEX jobs_by_name ON jobs(name, id)",
        // The queue as its owners see it, and what of it may start: in order, so that a pass reads only the beginning.
        // Places in the queue are counted in the first of them alone: hence the state in it.
        "CREATE INDEX jobs_waiting ON jobs(priority DESC, id, state) WHERE state IN ('QUEUED', 'RETRY_WAIT')",
        "CREATE INDEX jobs_ready ON jobs(priority DESC, id, shards) WHERE state = 'QUEUED' AND held IS NULL",
        """
        CREATE INDEX jobs_ready_without_cores ON jobs(priority DESC, id)
          WHERE state = 'QUEUED' AND held IS NULL AND shards IS NULL
        """,
        // What happens by itself, by its time.
        "CREATE INDEX jobs_by_retry ON jobs(retry_at) WHERE retry_at IS NOT NULL",
        """
        CREATE INDEX jobs_by_start_deadline ON jobs(start_deadline)
          WHERE start_deadline IS NOT NULL AND started_at IS NULL AND finished_at IS NULL
        """,
        "CREATE UNIQUE INDEX attempts_live ON attempts(job_id) WHERE finished_at IS NULL",
        "CREATE INDEX checkpoints_deleting ON checkpoints(job_id, step) WHERE state = 'DELETING'",
        "CREATE INDEX events_by_job ON events(job_id, seq)",
    ]
}
