import GRDB
import Jobs
import Synchronization

/// Which jobs the writer has changed since it was asked last. SQLite itself says so, by temporary triggers of the writer's
/// connection on every table that a job is read from: no operation can forget to.
final class ChangedJobs: Sendable {
    private struct State {
        var ids: Set<JobID> = []
        /// Also where a row's id is not one that could be asked for.
        var isAny = false
    }

    private let state = Mutex(State())

    /// Nothing has changed.
    init() {}

    /// Watches a connection. Its temporary triggers go with `PRAGMA temp_store`: to be called after that is set.
    func watch(_ db: Database) throws {
        db.add(
            function: DatabaseFunction(Self.function, argumentCount: 1) { [self] values in
                let id = String.fromDatabaseValue(values[0]).flatMap { JobID($0) }
                state.withLock { state in
                    state.isAny = true
                    if let id { state.ids.insert(id) }
                }
                return nil
            })
        for (table, column) in Self.tables {
            for (event, rows) in [("INSERT", ["NEW"]), ("UPDATE", ["OLD", "NEW"]), ("DELETE", ["OLD"])] {
                let calls = rows.map { "SELECT \(Self.function)(\($0).\(column));" }.joined(separator: " ")
                try db.execute(
                    sql: """
                        CREATE TEMP TRIGGER \(table)_\(event.lowercased())_is_told AFTER \(event) ON main.\(table)
                        BEGIN \(calls) END
                        """)
            }
        }
    }

    /// The jobs that have changed since the last call; nil when nothing has. What was undone may be among them.
    func take() -> Set<JobID>? {
        state.withLock { state in
            defer { state = State() }
            return state.isAny ? state.ids : nil
        }
    }

    private static let function = "tpud_job_changed"
    /// The tables that a job is read from, and their columns with its id.
    private static let tables = [("jobs", "id"), ("labels", "job_id"), ("submissions", "job_id")]
}
