/// The migration "7-audit": who asked what, of what, and what came of it. A row outlives what it is about.
enum AuditSchema {
    static let statements = [
        """
        CREATE TABLE audit (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          at INTEGER NOT NULL,
          principal TEXT NOT NULL CHECK (principal <> ''),
          token TEXT,
          verb TEXT NOT NULL CHECK (verb <> ''),
          job_id TEXT,
          host INTEGER,
          delivery_id TEXT,
          request_id TEXT NOT NULL,
          result TEXT NOT NULL CHECK (result <> '')
        ) STRICT
        """,
        "CREATE INDEX audit_by_job ON audit(job_id, number) WHERE job_id IS NOT NULL",
        "CREATE INDEX audit_by_principal ON audit(principal, number)",
        "CREATE INDEX audit_by_age ON audit(at)",
    ]
}
