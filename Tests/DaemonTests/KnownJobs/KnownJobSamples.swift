import Jobs
import Store

/// Jobs for the tests of what is known.
enum KnownJobSamples {
    static func id(_ number: Int) -> JobID { JobID(milliseconds: UInt64(number + 1), random: (0, UInt64(number))) }

    /// A job whose specification and version can be told apart.
    static func record(_ number: Int, _ state: JobState = .queued, version: Int = 1, spec: String? = "{}") -> JobRecord
    {
        let id = id(number)
        var record = JobRecord(
            NewJob(
                id: id, name: "job \(number)", mode: .train, owner: "o", modelDir: "jobs/\(id)",
                createdAt: Timestamp(microseconds: 1_700_000_000_000_000), spec: ""))
        record.state = state
        record.version = version
        record.spec = spec
        return record
    }
}
