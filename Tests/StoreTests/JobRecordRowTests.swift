import GRDB
import Jobs
import Store
import Testing

@Suite struct JobRecordRowTests {
    @Test func everyMemberIsReadBack() async throws {
        let fixture = try TestStore()
        var job = TestStore.job(1, shards: nil)
        job.name = "é\n\"'"
        job.mode = .trainAndEvaluate
        job.owner = "alice"
        job.labels = ["team": "vision"]
        job.priority = -7
        job.deviceJob = "coordinator"
        job.retry = RetryPolicy(maxAttempts: 9, backoffSeconds: 0.25)
        job.maxRunSeconds = 1e9
        job.startDeadline = Timestamp(microseconds: .max)
        job.preemptible = false
        job.keepCheckpointMax = 0
        _ = try await fixture.store.submit(job)
        #expect(try await fixture.store.job(job.id, withSpec: true) == JobRecord(job))
    }

    /// A state, what a broken disk could make of a column, and what is said of it.
    @Test(arguments: [
        (JobState.queued, "mode = 'fly'", "column mode holds fly"),
        (.queued, "shards = 9", "column shards holds 9"), (.queued, "shards = -8", "column shards holds -8"),
        (.running, "placement = '0'", "column placement holds 0"),
        (.running, "placement = '0:x'", "column placement holds 0:x"),
        (.stopping, "stop_intent = 'HUG'", "column stop_intent holds HUG"),
        (.queued, "state = 'FLYING'", "column state holds FLYING"),
    ])
    func whatTheChecksMakeImpossibleIsDamage(state: JobState, change: String, words: String) async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: state)
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName, configuration: configuration)
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
            for trigger in ["jobs_transition", "jobs_version", "jobs_shape"] {
                try db.execute(sql: "DROP TRIGGER \(trigger)")
            }
            try db.execute(sql: "UPDATE jobs SET \(change) WHERE id = ?", arguments: [job.id.description])
        }
        try queue.close()
        do throws(StoreError) {
            _ = try await fixture.store.job(job.id)
            Issue.record("\(change) was read")
        } catch {
            guard case .damagedJob(job.id, let detail) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(detail.contains(words), "\(detail)")
        }
    }
}
