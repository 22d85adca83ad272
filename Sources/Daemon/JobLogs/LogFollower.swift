package import Jobs

/// A client that follows a job's log from an offset on.
package typealias LogFollower = StreamFollower<JobID, Int64>

extension StreamFollower<JobID, Int64> {
    /// A client that does not follow yet.
    package convenience init(job: JobID, offset: Int64, among logs: FollowedLogs) {
        self.init(of: job, from: offset, among: logs.audience)
    }
}
