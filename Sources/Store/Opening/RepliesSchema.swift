/// The migration "4-replies": what requests with an idempotency key were answered, beside submissions, whose answers lie
/// with their jobs.
enum RepliesSchema {
    static let statements = [
        """
        CREATE TABLE replies (
          scope TEXT NOT NULL CHECK (scope <> ''),
          key TEXT NOT NULL CHECK (key <> ''),
          digest TEXT NOT NULL,
          status INTEGER NOT NULL CHECK (status BETWEEN 200 AND 299),
          answer BLOB NOT NULL,
          version INTEGER CHECK (version >= 1),
          job_id TEXT REFERENCES jobs(id) ON DELETE CASCADE,
          at INTEGER NOT NULL,
          PRIMARY KEY (scope, key)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX replies_by_job ON replies(job_id) WHERE job_id IS NOT NULL",
        // What belongs to no job goes by its age.
        "CREATE INDEX replies_by_age ON replies(at) WHERE job_id IS NULL",
    ]
}
