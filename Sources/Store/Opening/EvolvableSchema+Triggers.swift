extension EvolvableSchema {
    /// The invariants that name more than one row: what the code gets wrong, the database refuses.
    static let triggers = [
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
        "CREATE TRIGGER jobs_shape_at_birth BEFORE INSERT ON jobs BEGIN \(shape) END",
        """
        CREATE TRIGGER jobs_shape BEFORE UPDATE OF state, finished_at, placement, attempt ON jobs BEGIN \(shape) END
        """,
        """
        CREATE TRIGGER jobs_no_live_attempt BEFORE UPDATE ON jobs
          WHEN NOT (SELECT holds_resources FROM states WHERE word = NEW.state)
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
        CREATE TRIGGER checkpoints_deleting BEFORE UPDATE ON checkpoints
          WHEN OLD.state = 'DELETING' AND NEW.state <> 'DELETING'
        BEGIN SELECT RAISE(ABORT, 'a checkpoint that is being deleted never comes back'); END
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

    /// What a state asks of its job's row.
    private static let shape = """
        SELECT CASE
          WHEN (NEW.finished_at IS NOT NULL) <> is_final THEN RAISE(ABORT, 'a final state has its time, and no other')
          WHEN holds_resources AND NEW.placement IS NULL THEN RAISE(ABORT, 'this state holds cores')
          WHEN NOT holds_resources AND NOT is_final AND NEW.placement IS NOT NULL
            THEN RAISE(ABORT, 'this state holds no cores')
          WHEN holds_resources AND NEW.attempt = 0 THEN RAISE(ABORT, 'this state has an attempt')
        END FROM states WHERE word = NEW.state;
        """
}
