import API
import Daemon
import Formats
import Jobs
import Store
import Testing

@Suite struct JobViewRecordTests {
    private static let time = Timestamp(microseconds: 1_700_000_000_000_000)

    private static func record(_ state: JobState) -> JobRecord {
        let id = JobID(milliseconds: 1, random: (1, 2))
        var record = JobRecord(
            NewJob(
                id: id, name: "a", mode: .train, owner: "o", modelDir: "jobs/\(id)", createdAt: time, spec: "{}"))
        record.state = state
        return record
    }

    private static let pending = PendingView(reason: .coresBusy, position: 2)

    @Test(arguments: JobState.allCases)
    func whyAJobWaitsIsShownWhileItWaits(state: JobState) {
        let view = JobView(Self.record(state), pending: Self.pending, running: nil)
        let waits = state == .queued || state == .retryWait
        #expect((view.pending != nil) == waits, "\(state.rawValue)")
        #expect(JobView(Self.record(state), pending: nil, running: nil).pending == nil)
    }

    /// What the worker says is newer than what is stored; what can't be read is left out.
    @Test(arguments: [
        (String?.none, JobProgress?.none, Int?.none), ("{\"global_step\":5}", nil, 5),
        ("{\"global_step\":5}", JobProgress(globalStep: 9), 9), (nil, JobProgress(globalStep: 9), 9), ("{", nil, nil),
        ("{}", nil, nil), ("[1]", nil, nil),
    ])
    func howFarItIs(stored: String?, running: JobProgress?, step: Int?) {
        var record = Self.record(.running)
        record.progress = stored
        #expect(JobView(record, pending: nil, running: running).progress?.globalStep == step)
    }

    @Test func theRestIsTheRecords() throws {
        var record = Self.record(.succeeded)
        record.result = "{\"global_step\":500,\"loss\":0.5}"
        record.latestCheckpoint = .init(step: 500, sha256: "ab")
        record.failure = JobFailure(code: "X", message: "m")
        record.stateReason = .noProgress
        record.labels = ["a": "b"]
        record.deviceJob = "worker"
        record.placement = Placement(slice: try Slice(shards: 1), hosts: [.init(host: 2, cores: [3])])
        let view = JobView(record, pending: nil, running: nil)
        #expect(view.result == ResultView(globalStep: 500, loss: 0.5))
        #expect(view.latestCheckpoint == LatestCheckpointView(step: 500, sha256: "ab"))
        #expect(view.error == record.failure)
        #expect((view.stateReason, view.labels, view.version) == ("NO_PROGRESS", ["a": "b"], 1))
        #expect(view.placement?.devices == ["/job:worker/task:0/device:TPU:0"])
        #expect(view.spec == nil, "its text is put in later")
        record.result = "nonsense"
        #expect(JobView(record, pending: nil, running: nil).result == nil)
    }
}
