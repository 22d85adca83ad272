/// The migration "6-webhooks": whom the jobs' states are told to, a row for each state, and what is to be told and was: the
/// outbox. A delivery outlives its job, so it names it and has all that its message says.
enum WebhooksSchema {
    static let statements = [
        """
        CREATE TABLE webhooks (
          job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
          state TEXT NOT NULL REFERENCES states(word),
          number INTEGER NOT NULL CHECK (number >= 0),
          url TEXT NOT NULL CHECK (url <> ''),
          origin TEXT NOT NULL CHECK (origin <> ''),
          PRIMARY KEY (job_id, state, number)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE delivery_states (word TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID",
        "INSERT INTO delivery_states(word) VALUES ('PENDING'), ('DELIVERED'), ('DEAD')",
        """
        CREATE TABLE deliveries (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE CHECK (id <> ''),
          job_id TEXT NOT NULL,
          job_name TEXT NOT NULL,
          owner TEXT NOT NULL CHECK (owner <> ''),
          url TEXT NOT NULL CHECK (url <> ''),
          origin TEXT NOT NULL CHECK (origin <> ''),
          seq INTEGER NOT NULL CHECK (seq > 0),
          from_state TEXT REFERENCES states(word),
          to_state TEXT NOT NULL REFERENCES states(word),
          attempt INTEGER NOT NULL CHECK (attempt >= 0),
          at INTEGER NOT NULL,
          data TEXT NOT NULL CHECK (json_valid(data)),
          state TEXT NOT NULL REFERENCES delivery_states(word),
          attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
          tries INTEGER NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND attempts),
          due_at INTEGER CHECK ((due_at IS NOT NULL) = (state = 'PENDING')),
          settled_at INTEGER CHECK ((settled_at IS NULL) = (state = 'PENDING')),
          last_at INTEGER CHECK ((last_at IS NULL) = (attempts = 0)),
          last_status INTEGER,
          last_error TEXT
        ) STRICT
        """,
        // Whose turn it is, receiver by receiver.
        "CREATE INDEX deliveries_pending ON deliveries(origin, due_at) WHERE state = 'PENDING'",
        "CREATE INDEX deliveries_by_state ON deliveries(state, number)",
        "CREATE INDEX deliveries_by_job ON deliveries(job_id, number)",
        // What was settled goes by its age.
        "CREATE INDEX deliveries_settled ON deliveries(state, settled_at) WHERE settled_at IS NOT NULL",
    ]
}
