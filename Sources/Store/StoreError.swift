import Glibc
package import Jobs

/// Why the store did not do what it was asked.
package enum StoreError: Error, Hashable, Sendable {
    /// Another process holds the state folder; its process id where that is known.
    case folderInUse(process: Int?)
    /// The state folder can't be used: the system call and errno.
    case folder(call: String, errno: Int32)
    /// The database was written by a newer version: the migrations that this one does not know.
    case newerDatabase([String])
    /// SQLite did not take a setting without which a commit is not durable.
    case setting(name: String, wanted: String, got: String)
    /// There is no such job.
    case noSuchJob(JobID)
    /// The job has moved on: a compare-and-set on its version failed.
    case versionConflict(JobID, expected: Int, found: Int)
    /// The change is not in the transition table.
    case illegalTransition(JobID, from: JobState, to: JobState)
    /// The attempt is not the job's live one.
    case staleAttempt(JobID, attempt: Int)
    /// The job is not in a final state, so it can't be deleted.
    case notFinal(JobID, JobState)
    /// The host's state does not allow what was asked of it.
    case illegalHostVerb(host: Int, HostState)
    /// No delivery has this id.
    case noSuchDelivery(String)
    /// A row that the database's own checks refuse: SQLite's words.
    case refused(String)
    /// The disk is full.
    case diskFull
    /// The disk or its file system does not do what it is asked: SQLite's extended result code and words.
    case ioError(code: Int, String)
    /// There is no memory or no descriptor: SQLite's extended result code and words.
    case resources(code: Int, String)
    /// The database is not the one that belongs to the state folder.
    case lostDatabase(LostDatabase)
    /// The row of a job can't be read: the others can.
    case damagedJob(JobID, String)
    /// The database file is damaged or is none.
    case damaged(String)
    /// Any other error of SQLite: its extended result code and words.
    case database(code: Int, String)
    /// The store has been closed.
    case closed
    /// A fault that a test injected.
    case injected(StoreStep)
}

extension StoreError: CustomStringConvertible {
    /// One sentence for people.
    package var description: String {
        switch self {
        case .folderInUse(let process):
            "the state folder is in use by another tpud" + (process.map { " (process \($0))" } ?? "")
                + ": two daemons must not use one"
        case .folder(let call, let errno):
            "the state folder can't be used: \(call): \(String(cString: strerror(errno))) (\(errno))"
        case .newerDatabase(let names):
            "the database was written by a newer tpud (\(names.joined(separator: ", "))): install that, or a backup"
        case .setting(let name, let wanted, let got):
            "SQLite answered \(got) when \(name) was set to \(wanted): commits would not be durable"
        case .noSuchJob(let id): "no job has the id \(id)"
        case .versionConflict(let id, let expected, let found):
            "job \(id) has version \(found), not \(expected)"
        case .illegalTransition(let id, let from, let to):
            "job \(id) can't go from \(from.rawValue) to \(to.rawValue)"
        case .staleAttempt(let id, let attempt): "attempt \(attempt) of job \(id) is not its live one"
        case .notFinal(let id, let state): "job \(id) is \(state.rawValue), and only a finished one can be deleted"
        case .illegalHostVerb(let host, let state): "host \(host) is \(state.rawValue), which does not allow that"
        case .noSuchDelivery(let id): "no delivery has the id \"\(id)\""
        case .refused(let words): "the database refused a row: \(words)"
        case .diskFull: "the disk is full"
        case .ioError(let code, let words): "the disk fails: \(words) (SQLite error \(code))"
        case .resources(let code, let words): "memory or descriptors ran out: \(words) (SQLite error \(code))"
        case .lostDatabase(let how): how.description
        case .damagedJob(let id, let words): "the row of job \(id) can't be read: \(words)"
        case .damaged(let words): "the database is damaged: \(words)"
        case .database(let code, let words): "SQLite error \(code): \(words)"
        case .closed: "the store is closed"
        case .injected(let step): "an injected fault at \(step)"
        }
    }
}

extension StoreError {
    /// What of the machine it tells of, where that is what went wrong: it says nothing about what was to be stored, and the
    /// same may succeed later.
    package var condition: MachineCondition? {
        switch self {
        case .diskFull: .diskFull
        case .ioError: .ioError
        case .resources: .resources
        case .folder(_, let errno):
            switch errno {
            case ENOSPC, EDQUOT: .diskFull
            case EIO, EROFS: .ioError
            case EMFILE, ENFILE, ENOMEM, EAGAIN: .resources
            default: nil
            }
        default: nil
        }
    }
}
