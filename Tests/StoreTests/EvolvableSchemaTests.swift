import GRDB
import Jobs
import Store
import Testing

/// Rows that the code would never write, written past the code: the database refuses each.
@Suite struct EvolvableSchemaTests {
    /// What is wrong, and the statement; `:id` is a job in the state.
    private static let bad: [(String, JobState, String)] = [
        ("a job that is born RUNNING", .queued, insert(state: "'RUNNING'")),
        ("a state that is none", .queued, "UPDATE jobs SET state = 'DONE', version = version + 1"),
        ("an id that is too short", .queued, insert(id: "'abc'")),
        ("an empty name", .queued, insert(name: "''")),
        ("a name of 201 characters", .queued, insert(name: "printf('%.201c', 'x')")),
        ("a mode that is none", .queued, insert(mode: "'fly'")),
        ("a slice of 9 cores", .queued, insert(shards: "9")),
        ("a slice of no cores", .queued, insert(shards: "0")),
        ("an absolute folder", .queued, insert(modelDir: "'/tmp/x'")),
        ("a number as text", .queued, insert(priority: "'high'")),
        ("a version of 0", .queued, insert(version: "0")),
        ("a transition that is not in the table", .queued, "UPDATE jobs SET state = 'RUNNING', version = version + 1"),
        ("a transition without a new version", .queued, "UPDATE jobs SET state = 'PAUSED'"),
        ("a version that shrinks", .running, "UPDATE jobs SET version = 1"),
        ("another id", .queued, "UPDATE jobs SET id = '00000000000000000000000000'"),
        ("a final state without its time", .queued, "UPDATE jobs SET state = 'CANCELLED', version = version + 1"),
        ("a time of the end without a final state", .queued, "UPDATE jobs SET finished_at = 5"),
        ("STARTING without cores", .queued, "UPDATE jobs SET state = 'STARTING', version = version + 1"),
        ("STOPPING without a stop request", .running, "UPDATE jobs SET state = 'STOPPING', version = version + 1"),
        ("a stop request without STOPPING", .running, "UPDATE jobs SET stop_intent = 'KILL', stop_deadline = 5"),
        ("a unknown stop request", .stopping, "UPDATE jobs SET stop_intent = 'HUG'"),
        ("RETRY_WAIT without its end", .retryWait, "UPDATE jobs SET retry_at = NULL"),
        ("a queued job that holds cores", .queued, "UPDATE jobs SET placement = '0:0'"),
        ("FAILED without an error", .failed, "UPDATE jobs SET error_code = NULL, error_message = NULL"),
        ("a code without its message", .running, "UPDATE jobs SET error_code = 'X'"),
        ("progress that is not JSON", .running, "UPDATE jobs SET progress = '{'"),
        ("half a checkpoint", .running, "UPDATE jobs SET checkpoint_step = 5"),
        ("started without an attempt", .queued, "UPDATE jobs SET started_at = 5"),
        ("a final state that changes", .succeeded, "UPDATE jobs SET state = 'FAILED', version = version + 1"),
        (
            "a final job that comes back", .cancelled,
            "UPDATE jobs SET state = 'QUEUED', finished_at = NULL, placement = NULL, version = version + 1"
        ),
        ("a result that changes", .succeeded, "UPDATE jobs SET result = '{}'"),
        ("an error that changes", .failed, "UPDATE jobs SET error_code = 'OTHER'"),
        (
            "a job that ends with a live attempt", .running,
            "UPDATE jobs SET state = 'QUEUED', placement = NULL, version = version + 1"
        ),
        (
            "a second live attempt", .running,
            "INSERT INTO attempts(job_id, attempt, started_at, start_step) VALUES (:id, 2, 1, 0)"
        ),
        (
            "an attempt of a queued job", .queued,
            "INSERT INTO attempts(job_id, attempt, started_at, start_step) VALUES (:id, 1, 1, 0)"
        ),
        ("an outcome without its time", .running, "UPDATE attempts SET outcome = 'CRASHED'"),
        (
            "an outcome that is none", .running,
            "UPDATE attempts SET outcome = 'BORED', finished_at = 5, end_step = 0, ran_step = 0, by_daemons_end = 0"
        ),
        ("an ended attempt that changes", .succeeded, "UPDATE attempts SET outcome = 'CRASHED'"),
        ("an event that changes", .queued, "UPDATE events SET type = 'OTHER'"),
        ("an event that goes", .queued, "DELETE FROM events"),
        (
            "an event of nobody", .queued,
            "INSERT INTO events(job_id, type, at, attempt, data) VALUES ('x', 'PATCH', 1, 0, '{}')"
        ),
        (
            "an event whose data is not JSON", .queued,
            "INSERT INTO events(job_id, type, at, attempt, data) VALUES (:id, 'PATCH', 1, 0, 'x')"
        ),
        (
            "a change of state that names none", .queued,
            "INSERT INTO events(job_id, type, at, attempt, data) VALUES (:id, 'STATE', 1, 0, '{}')"
        ),
        ("a spec that is not JSON", .queued, "UPDATE submissions SET spec = '{'"),
        ("half an idempotency key", .queued, "UPDATE submissions SET key = 'k'"),
        ("a label without a name", .queued, "INSERT INTO labels VALUES (:id, '', 'v')"),
        ("a label of 257 characters", .queued, "INSERT INTO labels VALUES (:id, 'n', printf('%.257c', 'x'))"),
        ("a checkpoint of nobody", .queued, "INSERT INTO checkpoints VALUES ('x', 1, 1, 0, 1, '', 'GOOD')"),
        (
            "a checkpoint in a state that is none", .queued,
            "INSERT INTO checkpoints VALUES (:id, 1, 1, 0, 1, '', 'FINE')"
        ),
        ("a job that is held while it runs", .running, "UPDATE jobs SET held = 'HELD'"),
        ("an attempt that ran less than no time", .running, "UPDATE attempts SET seconds_run = -1"),
        ("a state that is final and holds cores", .queued, "INSERT INTO states VALUES ('BOTH', 1, 1)"),
        ("a transition of no state", .queued, "INSERT INTO transitions VALUES ('QUEUED', 'DONE')"),
        (
            "a file outside its checkpoint", .running,
            "INSERT INTO checkpoint_files VALUES (:id, 7, 'f', 1, printf('%.64c', 'a'))"
        ),
        ("a live job that goes", .running, "DELETE FROM jobs"),
        (
            "a checkpoint that comes back from its deletion", .running,
            """
            INSERT INTO checkpoints VALUES (:id, 1, 1, 0, 1, '', 'DELETING'); UPDATE checkpoints SET state = 'GOOD'
            """
        ),
        ("a job that is tried not even once", .queued, "UPDATE jobs SET max_attempts = 0"),
        ("a back-off that is negative", .queued, "UPDATE jobs SET backoff_seconds = -1"),
        ("a run limit of no time", .queued, "UPDATE jobs SET max_run_seconds = 0"),
        ("a negative number of checkpoints", .queued, "UPDATE jobs SET keep_checkpoint_max = -1"),
        ("a series of negative thinness", .running, "INSERT INTO series VALUES (:id, 'loss', -1, 0)"),
        ("a series of nobody", .running, "INSERT INTO series VALUES ('x', 'loss', 0, 0)"),
    ]

    private static func insert(
        id: String = "'00000000000000000000000000'", name: String = "'n'", mode: String = "'train'",
        state: String = "'QUEUED'", version: String = "1", shards: String = "8", modelDir: String = "'jobs/x'",
        priority: String = "0"
    ) -> String {
        """
        INSERT INTO jobs(id, name, mode, owner, priority, state, version, shards, device_job, model_dir, max_attempts,
          backoff_seconds, preemptible, attempt, created_at, queued_at)
        VALUES (\(id), \(name), \(mode), 'o', \(priority), \(state), \(version), \(shards), 'w', \(modelDir), 1, 0, 1, 0,
          1, 1)
        """
    }

    @Test func everyBadRowIsRefused() async throws {
        for (what, state, sql) in Self.bad {
            let fixture = try TestStore()
            let job = try await fixture.job(1, in: state)
            try fixture.store.close()
            let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName)
            let sql = sql.replacing(":id", with: "'\(job.id)'")
            #expect(throws: DatabaseError.self, "\(what)") { try queue.write { try $0.execute(sql: sql) } }
        }
    }

    @Test func theGoodRowThatTheBadOnesAreMadeOfIsTaken() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName)
        try await queue.write { try $0.execute(sql: Self.insert()) }
    }

    @Test func everyTableIsStrict() async throws {
        let fixture = try TestStore()
        try fixture.store.close()
        let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName)
        let loose = try await queue.read { db in
            try String.fetchAll(
                db,
                sql: "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND schema = 'main'")
        }
        #expect(Set(loose).subtracting(["grdb_migrations", "sqlite_schema", "sqlite_sequence"]).isEmpty)
    }
}
