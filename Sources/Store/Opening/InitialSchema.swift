/// The first schema. Its checks make an illegal job unstorable: what the code gets wrong, the database refuses.
///
/// Times are microseconds since 1970. Rows that grow with every transition are kept small: the specification lies in
/// a table of its own.
enum InitialSchema {
    static let statements =
        [
            jobs, submissions, labels, attempts, checkpoints, checkpointFiles, metrics, events, transitions,
        ] + indices + triggers

    private static let jobs = """
        CREATE TABLE jobs (
          id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 26),
          name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
          mode TEXT NOT NULL CHECK (mode IN ('train', 'evaluate', 'predict', 'train_and_evaluate')),
          owner TEXT NOT NULL CHECK (owner <> ''),
          priority INTEGER NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('QUEUED', 'STARTING', 'RUNNING', 'STOPPING', 'PAUSED', 'RETRY_WAIT',
            'SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'EXPIRED')),
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
          finished_at INTEGER CHECK ((finished_at IS NOT NULL) =
            (state IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'TIMED_OUT', 'EXPIRED'))),
          retry_at INTEGER CHECK ((retry_at IS NOT NULL) = (state = 'RETRY_WAIT')),
          stop_intent TEXT CHECK ((stop_intent IS NOT NULL) = (state = 'STOPPING') AND stop_intent IN
            ('CANCEL', 'KILL', 'PAUSE', 'TIME_OUT', 'PREEMPT', 'FAIL_HOST', 'DRAIN')),
          stop_deadline INTEGER CHECK ((stop_deadline IS NOT NULL) = (state = 'STOPPING')),
          placement TEXT CHECK (CASE
            WHEN state IN ('STARTING', 'RUNNING', 'STOPPING') THEN placement IS NOT NULL
            WHEN state IN ('QUEUED', 'PAUSED', 'RETRY_WAIT') THEN placement IS NULL
            ELSE 1 END),
          progress TEXT CHECK (progress IS NULL OR json_valid(progress)),
          result TEXT CHECK (result IS NULL OR json_valid(result)),
          error_code TEXT CHECK (error_code IS NOT NULL OR state <> 'FAILED'),
          error_message TEXT CHECK ((error_message IS NULL) = (error_code IS NULL)),
          error_step INTEGER,
          error_variable TEXT,
          checkpoint_step INTEGER CHECK (checkpoint_step >= 0),
          checkpoint_sha256 TEXT CHECK ((checkpoint_sha256 IS NULL) = (checkpoint_step IS NULL)),
          CHECK (state NOT IN ('STARTING', 'RUNNING', 'STOPPING', 'RETRY_WAIT', 'SUCCEEDED') OR attempt > 0)
        ) STRICT, WITHOUT ROWID
        """

    private static let submissions = """
        CREATE TABLE submissions (
          job_id TEXT NOT NULL PRIMARY KEY REFERENCES jobs(id) ON DELETE CASCADE,
          spec TEXT NOT NULL CHECK (json_valid(spec)),
          scope TEXT,
          key TEXT CHECK (key <> ''),
          digest TEXT,
          answer BLOB,
          CHECK ((scope IS NULL) = (key IS NULL) AND (digest IS NULL) = (key IS NULL)
            AND (answer IS NULL) = (key IS NULL))
        ) STRICT
        """

    private static let labels = """
        CREATE TABLE labels (
          job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
          name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 63),
          value TEXT NOT NULL CHECK (length(value) <= 256),
          PRIMARY KEY (job_id, name)
        ) STRICT, WITHOUT ROWID
        """

    private static let attempts = """
        CREATE TABLE attempts (
          job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
          attempt INTEGER NOT NULL CHECK (attempt >= 1),
          started_at INTEGER NOT NULL,
          start_step INTEGER NOT NULL CHECK (start_step >= 0),
          finished_at INTEGER,
          outcome TEXT CHECK ((outcome IS NULL) = (finished_at IS NULL) AND outcome IN ('SUCCEEDED', 'USER_ERROR',
            'NAN_LOSS', 'OUT_OF_MEMORY', 'CRASHED', 'STALLED', 'PREEMPTED', 'HOST_FAILED', 'INPUT_EXHAUSTED',
            'INTERRUPTED', 'TIMED_OUT', 'CANCELLED', 'PAUSED')),
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

    private static let checkpoints = """
        CREATE TABLE checkpoints (
          job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
          step INTEGER NOT NULL CHECK (step >= 0),
          attempt INTEGER NOT NULL CHECK (attempt >= 1),
          bytes INTEGER NOT NULL CHECK (bytes >= 0),
          created_at INTEGER NOT NULL,
          kept_because TEXT NOT NULL,
          PRIMARY KEY (job_id, step)
        ) STRICT, WITHOUT ROWID
        """

    private static let checkpointFiles = """
        CREATE TABLE checkpoint_files (
          job_id TEXT NOT NULL,
          step INTEGER NOT NULL,
          name TEXT NOT NULL CHECK (name <> '' AND name NOT LIKE '%/%'),
          bytes INTEGER NOT NULL CHECK (bytes >= 0),
          sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
          PRIMARY KEY (job_id, step, name),
          FOREIGN KEY (job_id, step) REFERENCES checkpoints(job_id, step) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID
        """

    private static let metrics = """
        CREATE TABLE metrics (
          job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
          name TEXT NOT NULL CHECK (name <> ''),
          step INTEGER NOT NULL CHECK (step >= 0),
          value REAL,
          at INTEGER NOT NULL,
          PRIMARY KEY (job_id, name, step)
        ) STRICT, WITHOUT ROWID
        """

    private static let events = """
        CREATE TABLE events (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          job_id TEXT NOT NULL REFERENCES jobs(id) ON DELETE CASCADE,
          type TEXT NOT NULL CHECK (type <> '' AND type = upper(type)),
          at INTEGER NOT NULL,
          from_state TEXT,
          to_state TEXT CHECK ((to_state IS NOT NULL) = (type = 'STATE')),
          attempt INTEGER NOT NULL CHECK (attempt >= 0),
          data TEXT NOT NULL CHECK (json_valid(data))
        ) STRICT
        """

    private static let transitions = """
        CREATE TABLE transitions (
          from_state TEXT NOT NULL,
          to_state TEXT NOT NULL,
          PRIMARY KEY (from_state, to_state)
        ) STRICT, WITHOUT ROWID
        """

    private static let indices = [
        "CREATE INDEX jobs_by_state ON jobs(state)",
        "CREATE INDEX jobs_live ON jobs(priority DESC, id) WHERE finished_at IS NULL",
        "CREATE UNIQUE INDEX submissions_by_key ON submissions(scope, key) WHERE key IS NOT NULL",
        "CREATE INDEX labels_by_value ON labels(name, value)",
        "CREATE UNIQUE INDEX attempts_live ON attempts(job_id) WHERE finished_at IS NULL",
        "CREATE INDEX events_by_job ON events(job_id, seq)",
    ]

    private static let triggers = [
        """
        CREATE TRIGGER jobs_begin_queued BEFORE INSERT ON jobs WHEN NEW.state <> 'QUEUED' OR NEW.version <> 1
        BEGIN SELECT RAISE(ABORT, 'a job is born QUEUED with version 1'); END
        """,
        """
        CREATE TRIGGER jobs_final BEFORE UPDATE ON jobs WHEN OLD.finished_at IS NOT NULL
          AND (NEW.state <> OLD.state OR NEW.finished_at IS NOT OLD.finished_at OR NEW.attempt <> OLD.attempt
            OR NEW.result IS NOT OLD.result OR NEW.error_code IS NOT OLD.error_code)
        BEGIN SELECT RAISE(ABORT, 'a final state never changes'); END
        """,
        """
        CREATE TRIGGER jobs_transition BEFORE UPDATE ON jobs WHEN NEW.state <> OLD.state
          AND NOT EXISTS (SELECT 1 FROM transitions WHERE from_state = OLD.state AND to_state = NEW.state)
        BEGIN SELECT RAISE(ABORT, 'this transition is not in the table'); END
        """,
        """
        CREATE TRIGGER jobs_version BEFORE UPDATE ON jobs WHEN NEW.id <> OLD.id OR NEW.version < OLD.version
          OR (NEW.state <> OLD.state AND NEW.version <> OLD.version + 1)
        BEGIN SELECT RAISE(ABORT, 'a version grows by one with every transition'); END
        """,
        """
        CREATE TRIGGER jobs_no_live_attempt BEFORE UPDATE ON jobs
          WHEN NEW.state NOT IN ('STARTING', 'RUNNING', 'STOPPING')
          AND EXISTS (SELECT 1 FROM attempts WHERE job_id = OLD.id AND finished_at IS NULL)
        BEGIN SELECT RAISE(ABORT, 'an attempt of this job is still live'); END
        """,
        """
        CREATE TRIGGER attempts_begin BEFORE INSERT ON attempts WHEN NEW.finished_at IS NOT NULL OR NOT EXISTS
          (SELECT 1 FROM jobs WHERE id = NEW.job_id AND state = 'STARTING' AND attempt = NEW.attempt)
        BEGIN SELECT RAISE(ABORT, 'an attempt begins with its job in STARTING'); END
        """,
        """
        CREATE TRIGGER attempts_ended BEFORE UPDATE ON attempts WHEN OLD.finished_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'an ended attempt never changes'); END
        """,
        """
        CREATE TRIGGER events_kept BEFORE UPDATE ON events
        BEGIN SELECT RAISE(ABORT, 'events are only appended'); END
        """,
        """
        CREATE TRIGGER events_stay BEFORE DELETE ON events WHEN EXISTS (SELECT 1 FROM jobs WHERE id = OLD.job_id)
        BEGIN SELECT RAISE(ABORT, 'events go only with their job'); END
        """,
        """
        CREATE TRIGGER jobs_delete BEFORE DELETE ON jobs WHEN OLD.finished_at IS NULL
        BEGIN SELECT RAISE(ABORT, 'only a finished job can be deleted'); END
        """,
    ]
}
