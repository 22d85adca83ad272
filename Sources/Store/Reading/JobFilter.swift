package import Jobs
import GRDB

/// Which jobs a list shows.
package struct JobFilter: Hashable, Sendable {
    /// In one of these states; empty, the default, for any.
    package var states: [JobState] = []
    /// With all of these labels; default none.
    package var labels: [String: String] = [:]
    /// Of this owner; nil, the default, for any.
    package var owner: String?
    /// Of this name; nil, the default, for any.
    package var name: String?

    /// Makes a filter that lets every job through.
    package init() {}

    /// Its condition on the table of jobs.
    ///
    /// - Parameter after: Only jobs older than this one; nil for all.
    func condition(after: JobID?) -> (sql: String, StatementArguments) {
        var parts = ["1"]
        var arguments: StatementArguments = []
        if !states.isEmpty {
            parts.append("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(states.map(\.rawValue))
        }
        for (name, value) in labels {
            parts.append("jobs.id IN (SELECT job_id FROM labels WHERE name = ? AND value = ?)")
            arguments += [name, value]
        }
        if let owner {
            parts.append("owner = ?")
            arguments += [owner]
        }
        if let name {
            parts.append("name = ?")
            arguments += [name]
        }
        if let after {
            parts.append("jobs.id < ?")
            arguments += [after.description]
        }
        return (parts.joined(separator: " AND "), arguments)
    }
}

/// A job and where it waits.
package struct PlacedJob: Hashable, Sendable {
    /// The job, with its specification.
    package var job: JobRecord
    /// Its place in the queue, from 1; nil for one that does not wait.
    package var position: Int?
}

/// A page of a list.
package struct JobListPage: Hashable, Sendable {
    /// The jobs, newest first.
    package var jobs: [JobRecord]
    /// The places in the queue, from 1, of those that wait.
    package var positions: [JobID: Int] = [:]
    /// The job after which the next page begins; nil when this is the last.
    package var next: JobID?
    /// The ids of jobs that belong here and whose rows can't be read: they are left out.
    package var unreadable: [String] = []

    /// A page of these jobs, of which none waits unless that is set afterwards.
    package init(jobs: [JobRecord], next: JobID?) {
        self.jobs = jobs
        self.next = next
    }
}
