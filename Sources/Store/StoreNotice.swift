/// What the store tells its owner once, when it begins.
package enum StoreNotice: Hashable, Sendable {
    /// The disk is full: the reserve is given up, and only what ends or moves jobs is written.
    case diskFull
    /// There is room again, and the reserve is made anew.
    case roomAgain
    /// The log of writes grows, as it can't be brought into the database.
    case checkpointFailed(StoreError)
    /// It can again.
    case checkpointsAgain
    /// A row of a job can't be read, and is left out of what is about the job.
    case unreadableRow(table: String, job: String, detail: String)
}

extension StoreNotice: CustomStringConvertible {
    /// One sentence for people.
    package var description: String {
        switch self {
        case .diskFull:
            "the disk is full: jobs are ended and moved from a reserve, and nothing else is stored until there is room"
        case .roomAgain: "the disk has room again"
        case .checkpointFailed(let error): "the log of writes grows, as it can't be checkpointed: \(error)"
        case .checkpointsAgain: "the log of writes is checkpointed again"
        case .unreadableRow(let table, let job, let detail):
            "a row of the table \(table) for job \(job) can't be read, and is left out: \(detail)"
        }
    }
}
