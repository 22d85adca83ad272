/// The schema from the migration "2-words" on: the words of states, outcomes, intents, modes and checkpoints are rows of
/// tables that others refer to, so that a new word is a row and not a rebuild of tables. What a state means (whether it
/// is final, whether it holds cores) is said by its row, and the triggers read it there.
///
/// The rows of these tables and of `transitions` follow the code's tables at every opening (``Words``).
enum EvolvableSchema {
    static let words = [
        """
        CREATE TABLE states (
          word TEXT NOT NULL PRIMARY KEY,
          is_final INTEGER NOT NULL CHECK (is_final IN (0, 1)),
          holds_resources INTEGER NOT NULL CHECK (holds_resources IN (0, 1) AND NOT (is_final AND holds_resources))
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE modes (word TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID",
        "CREATE TABLE outcomes (word TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID",
        "CREATE TABLE intents (word TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID",
        "CREATE TABLE checkpoint_states (word TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID",
        """
        INSERT INTO states(word, is_final, holds_resources) VALUES ('QUEUED', 0, 0), ('STARTING', 0, 1),
          ('RUNNING', 0, 1), ('STOPPING', 0, 1), ('PAUSED', 0, 0), ('RETRY_WAIT', 0, 0), ('SUCCEEDED', 1, 0),
          ('FAILED', 1, 0), ('CANCELLED', 1, 0), ('TIMED_OUT', 1, 0), ('EXPIRED', 1, 0)
        """,
        "INSERT INTO modes(word) VALUES ('train'), ('evaluate'), ('predict'), ('train_and_evaluate')",
        """
        INSERT INTO outcomes(word) VALUES ('SUCCEEDED'), ('USER_ERROR'), ('NAN_LOSS'), ('OUT_OF_MEMORY'), ('CRASHED'),
          ('STALLED'), ('PREEMPTED'), ('HOST_FAILED'), ('INPUT_EXHAUSTED'), ('INTERRUPTED'), ('TIMED_OUT'),
          ('CANCELLED'), ('PAUSED')
        """,
        """
        INSERT INTO intents(word) VALUES ('CANCEL'), ('KILL'), ('PAUSE'), ('TIME_OUT'), ('PREEMPT'), ('FAIL_HOST'),
          ('DRAIN')
        """,
        "INSERT INTO checkpoint_states(word) VALUES ('GOOD'), ('DAMAGED'), ('DELETING')",
    ]

    static let jobs = """
        CREATE TABLE new_jobs (
          id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
          name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
          mode TEXT NOT NULL REFERENCES modes(word),
          owner TEXT NOT NULL CHECK (owner <> ''),
          priority INTEGER NOT NULL,
          state TEXT NOT NULL REFERENCES states(word),
          held TEXT CHECK (held <> '' AND (held IS NULL OR state = 'QUEUED')),
          state_reason TEXT CHECK (state_reason <> ''),
          version INTEGER NOT NULL CHECK (version >= 1),
          shards INTEGER CHECK (shards BETWEEN 1 AND 8 OR (shards > 0 AND shards % 8 = 0)),
          device_job TEXT NOT NULL,
          model_dir TEXT NOT NULL CHECK (model_dir <> '' AND model_dir NOT LIKE '/%'),
          max_attempts INTEGER NOT NULL CHECK (max_attempts >= 1),
          backoff_seconds REAL NOT NULL CHECK (backoff_seconds >= 0),
          max_run_seconds REAL CHECK (max_run_seconds > 0),
          keep_checkpoint_max INTEGER CHECK (keep_checkpoint_max >= 0),
          preemptible INTEGER NOT NULL CHECK (preemptible IN (0, 1)),
          attempt INTEGER NOT NULL CHECK (attempt >= 0),
          target_step INTEGER CHECK (target_step >= 0),
          created_at INTEGER NOT NULL,
          queued_at INTEGER NOT NULL,
          start_deadline INTEGER,
          started_at INTEGER CHECK ((started_at IS NULL) = (attempt = 0)),
          finished_at INTEGER,
          retry_at INTEGER CHECK ((retry_at IS NOT NULL) = (state = 'RETRY_WAIT')),
          stop_intent TEXT REFERENCES intents(word) CHECK ((stop_intent IS NOT NULL) = (state = 'STOPPING')),
          stop_deadline INTEGER CHECK ((stop_deadline IS NOT NULL) = (state = 'STOPPING')),
          placement TEXT,
          progress TEXT CHECK (progress IS NULL OR json_valid(progress)),
          result TEXT CHECK (result IS NULL OR json_valid(result)),
          error_code TEXT CHECK (error_code IS NOT NULL OR state <> 'FAILED'),
          error_message TEXT CHECK ((error_message IS NULL) = (error_code IS NULL)),
          error_step INTEGER,
          error_variable TEXT,
          checkpoint_step INTEGER CHECK (checkpoint_step >= 0),
          checkpoint_sha256 TEXT CHECK ((checkpoint_sha256 IS NULL) = (checkpoint_step IS NULL)),
          CHECK (state NOT IN ('RETRY_WAIT', 'SUCCEEDED') OR attempt > 0)
        ) STRICT, WITHOUT ROWID
        """

    static let attempts = """
        CREATE TABLE new_attempts (
          job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
          attempt INTEGER NOT NULL CHECK (attempt >= 1),
          started_at INTEGER NOT NULL,
          start_step INTEGER NOT NULL CHECK (start_step >= 0),
          placement TEXT,
          cores INTEGER NOT NULL DEFAULT 0 CHECK (cores >= 0),
          seconds_run REAL NOT NULL DEFAULT 0 CHECK (seconds_run >= 0),
          finished_at INTEGER,
          outcome TEXT REFERENCES outcomes(word) CHECK ((outcome IS NULL) = (finished_at IS NULL)),
          end_step INTEGER CHECK ((end_step IS NULL) = (finished_at IS NULL) AND end_step >= 0),
          ran_step INTEGER CHECK ((ran_step IS NULL) = (finished_at IS NULL) AND ran_step IN (0, 1)),
          by_daemons_end INTEGER
            CHECK ((by_daemons_end IS NULL) = (finished_at IS NULL) AND by_daemons_end IN (0, 1)),
          error_code TEXT,
          error_message TEXT CHECK ((error_message IS NULL) = (error_code IS NULL)),
          error_step INTEGER,
          error_variable TEXT,
          PRIMARY KEY (job_id, attempt)
        ) STRICT, WITHOUT ROWID
        """

    static let checkpoints = """
        CREATE TABLE new_checkpoints (
          job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
          step INTEGER NOT NULL CHECK (step >= 0),
          attempt INTEGER NOT NULL CHECK (attempt >= 1),
          bytes INTEGER NOT NULL CHECK (bytes >= 0),
          created_at INTEGER NOT NULL,
          kept_because TEXT NOT NULL,
          state TEXT NOT NULL DEFAULT 'GOOD' REFERENCES checkpoint_states(word),
          PRIMARY KEY (job_id, step)
        ) STRICT, WITHOUT ROWID
        """

    static let events = """
        CREATE TABLE new_events (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
          type TEXT NOT NULL CHECK (type <> '' AND type = upper(type)),
          at INTEGER NOT NULL,
          from_state TEXT REFERENCES states(word),
          to_state TEXT REFERENCES states(word) CHECK ((to_state IS NOT NULL) = (type = 'STATE')),
          attempt INTEGER NOT NULL CHECK (attempt >= 0),
          data TEXT NOT NULL CHECK (json_valid(data))
        ) STRICT
        """

    static let transitions = """
        CREATE TABLE new_transitions (
          from_state TEXT NOT NULL REFERENCES states(word),
          to_state TEXT NOT NULL REFERENCES states(word),
          PRIMARY KEY (from_state, to_state)
        ) STRICT, WITHOUT ROWID
        """

    /// How thinly each series of points is kept: one row a series, which its points' name and job name.
    static let series = """
        CREATE TABLE series (
          job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
          name TEXT NOT NULL CHECK (name <> ''),
          shift INTEGER NOT NULL DEFAULT 0 CHECK (shift BETWEEN 0 AND 62),
          points INTEGER NOT NULL CHECK (points >= 0),
          PRIMARY KEY (job_id, name)
        ) STRICT, WITHOUT ROWID
        """
}
