import GRDB
import Jobs

/// How many jobs are in each state: counted once, then kept up to date by every change.
struct StateCounts: Equatable, Sendable {
    /// The counts; a state without jobs is left out.
    private(set) var byState: [JobState: Int] = [:]

    /// Counts the jobs of the database.
    init(counting db: Database) throws {
        for row in try Row.fetchAll(db, sql: "SELECT state, count(*) AS count FROM jobs GROUP BY state") {
            if let state = JobState(rawValue: row["state"]) { byState[state] = row["count"] }
        }
    }

    /// The jobs that wait for a worker.
    var waiting: Int { (byState[.queued] ?? 0) + (byState[.retryWait] ?? 0) }

    /// A job went from one state to another; from nil it is new, to nil it is gone.
    mutating func move(from: JobState?, to: JobState?) {
        if let from { byState[from] = byState[from].flatMap { $0 > 1 ? $0 - 1 : nil } }
        if let to { byState[to, default: 0] += 1 }
    }
}
