package import Jobs

/// What whoever keeps in memory what it has read of jobs is told of each commit that changes some: on the writer's thread, first
/// that it begins, then that it is over. Nothing comes between the two.
package enum JobCommit: Hashable, Sendable {
    /// These jobs, their labels or their specifications are about to change: a read may find them as before or as after.
    case begins(Set<JobID>)
    /// It is over, whatever came of it: a read that begins now finds what came of it. Nobody was answered yet.
    case over
}
