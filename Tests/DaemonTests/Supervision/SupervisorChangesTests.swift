import API
import Daemon
import Formats
import Jobs
import Store
import Testing

/// What a patch makes of a job, as a value.
@Suite struct SupervisorChangesTests {
    private static func job() -> JobRecord {
        let id = JobID(milliseconds: 1, random: (1, 2))
        var job = NewJob(
            id: id, name: "a", mode: .train, owner: "o", modelDir: "jobs/\(id)", createdAt: Timestamp(microseconds: 0),
            spec: #"{"priority":3,"labels":{"a":"1"},"max_run_seconds":null,"run_config":{"keep_checkpoint_max":5}}"#)
        job.priority = 3
        job.labels = ["a": "1"]
        job.keepCheckpointMax = 5
        return JobRecord(job)
    }

    private static func change(_ json: JSON) throws -> JobChange {
        let faults = SpecErrors()
        let patch = JobPatch(json, faults: faults)
        try #require(faults.isEmpty)
        return try JobChange(patch, of: job())
    }

    @Test func whatIsSoAlreadyIsNoChange() throws {
        let same: [JSON] = [
            [:], ["priority": 3], ["labels": ["a": "1"]], ["labels": ["b": .null]], ["max_run_seconds": .null],
            ["keep_checkpoint_max": 5], ["priority": 3, "labels": [:], "keep_checkpoint_max": 5],
        ]
        for json in same { #expect(try Self.change(json).isEmpty, "\(json)") }
    }

    @Test func theSpecificationFollowsWhatDiffers() throws {
        let change = try Self.change(["priority": 4, "labels": ["a": .null, "b": "2"], "max_run_seconds": 9])
        #expect(change.priority == 4 && change.labels == ["b": "2"] && change.maxRunSeconds == .some(.some(9)))
        #expect(change.keepCheckpointMax == nil)
        #expect(
            change.spec
                == #"{"priority":4,"labels":{"b":"2"},"max_run_seconds":9,"run_config":{"keep_checkpoint_max":5}}"#)
    }

    @Test func aJobKeepsAtMostSoManyLabels() throws {
        var labels: JSON = [:]
        for number in 1...63 { labels["l\(number)"] = "x" }
        #expect(try Self.change(["labels": labels]).labels?.count == 64)
        labels["l64"] = "x"
        do {
            _ = try Self.change(["labels": labels])
            Issue.record("65 labels are too many")
        } catch let problem as Problem {
            #expect(problem.status == 422 && problem.errors.first?.pointer?.description == "/labels")
        }
    }
}
