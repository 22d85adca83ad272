import Formats
import OrderedCollections
import Testing

/// All that is told of a job that has ended, without what a kill or a stop may change: times, speeds and attempts.
struct JobStory: Equatable {
    var state: String
    var result: JSON
    var progress: JSON
    /// Value by step, by series.
    var series: [String: [Int: JSON]]
    /// Step, reason, state and files of each checkpoint, newest first.
    var checkpoints: [JSON]

    /// Reads it; the job must have ended.
    init(of id: String, on daemon: DaemonProcess) throws {
        let job = try daemon.final(id)
        state = job["state"]?.string ?? ""
        result = job["result"] ?? .null
        progress = job["progress"] ?? .null
        progress["infeed_wait_fraction"] = nil
        series = [:]
        for (name, points) in try daemon.json("/v1/jobs/\(id)/metrics")["series"]?.object ?? [:] {
            for point in points.array ?? [] {
                // Step, value and time.
                let members = try #require(point.array)
                try #require(members.count == 3)
                series[name, default: [:]][try #require(members[0].int)] = members[1]
            }
        }
        let listed = try daemon.json("/v1/jobs/\(id)/checkpoints")["checkpoints"]?.array ?? []
        checkpoints = listed.map { checkpoint in
            var checkpoint = checkpoint
            checkpoint["created_at"] = nil
            return checkpoint
        }
    }
}
