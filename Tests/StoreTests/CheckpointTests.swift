import Jobs
import Store
import Testing

@Suite struct CheckpointTests {
    private static func checkpoint(_ step: Int, attempt: Int = 1) -> CheckpointRecord {
        CheckpointRecord(
            step: step, attempt: attempt, createdAt: TestStore.time(step), keptBecause: "latest",
            files: [
                CheckpointFile(
                    name: "model.safetensors", bytes: 4, sha256: String(repeating: "\(step % 10)", count: 64))
            ])
    }

    /// A running job with checkpoints of these steps.
    private static func job(_ fixture: TestStore, steps: [Int]) async throws -> JobRecord {
        let job = try await fixture.job(1, in: .running)
        for step in steps { try await fixture.store.recordCheckpoint(checkpoint(step), of: job.id) }
        return try #require(try await fixture.store.job(job.id))
    }

    @Test func aCheckpointThatIsBeingDeletedIsNotListedAndTheNextIsTheNewest() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let before = try await Self.job(fixture, steps: [10, 21, 32])
        #expect(before.latestCheckpoint == .init(step: 32, sha256: String(repeating: "2", count: 64)))
        try await store.beginDeletingCheckpoints([10, 99], of: before.id)
        #expect(try await store.job(before.id) == before, "an older one changes nothing about the job")
        try await store.beginDeletingCheckpoints([32], of: before.id)
        let after = try #require(try await store.job(before.id))
        #expect(after.latestCheckpoint == .init(step: 21, sha256: String(repeating: "1", count: 64)))
        #expect(after.version == before.version + 1)
        #expect(try await store.checkpoints(of: before.id).map(\.step) == [21])
        #expect(try await store.deletingCheckpoints() == [before.id: [10, 32]])
        // A daemon that ends between leaves them to the next one.
        try store.close()
        let again = try Store(folder: fixture.folder)
        #expect(try await again.deletingCheckpoints() == [before.id: [10, 32]])
        try await again.forgetCheckpoints([10, 32], of: before.id)
        #expect(try await again.deletingCheckpoints().isEmpty)
        #expect(try await again.job(before.id) == after)
        try await again.beginDeletingCheckpoints([21], of: before.id)
        #expect(try await again.job(before.id)?.latestCheckpoint == nil)
        try again.close()
    }

    /// An attempt that goes on tells where it does: that is not news, and the points of its series are stored all the same.
    @Test func aCheckpointThatIsRecordedAlreadyStaysAsItIs() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await Self.job(fixture, steps: [10])
        let events = try await store.events(of: job.id).events
        let point = MetricPoint(name: "loss", step: 10, value: 0.5, at: TestStore.time(70))
        var again = Self.checkpoint(10)
        again.createdAt = TestStore.time(70)
        let recorded = try await store.recordCheckpoint(again, of: job.id, points: [point], progress: "{}")
        #expect(!recorded.isNew)
        #expect(recorded.job == job)
        #expect(recorded.checkpoints == [Self.checkpoint(10)])
        #expect(try await store.job(job.id) == job)
        #expect(try await store.events(of: job.id).events == events)
        #expect(try await store.metrics(of: job.id) == ["loss": [point]])
        again.files[0].sha256 = String(repeating: "9", count: 64)
        let other = try await store.recordCheckpoint(again, of: job.id, progress: "{\"global_step\":10}")
        #expect(other.isNew)
        #expect(other.checkpoints == [again])
        #expect(other.job.progress == "{\"global_step\":10}")
    }

    @Test func aDamagedCheckpointIsAnEventAndNeverTheNewest() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await Self.job(fixture, steps: [10, 20])
        #expect(try await store.markDamaged(20, of: job.id, at: TestStore.time(50)))
        #expect(try await store.job(job.id)?.latestCheckpoint?.step == 10)
        #expect(try await store.checkpoints(of: job.id).map(\.state) == [.damaged, .good])
        let event = try #require(try await store.events(of: job.id).events.last)
        #expect((event.type, event.data) == ("CHECKPOINT_DAMAGED", "{\"step\":20}"))
        #expect(try await !store.markDamaged(20, of: job.id, at: TestStore.time(51)), "it is known")
        #expect(try await !store.markDamaged(30, of: job.id, at: TestStore.time(51)), "there is none")
        #expect(try await store.events(of: job.id).events.last == event)
        // The step is written again by a later loop: it is good then.
        try await store.recordCheckpoint(Self.checkpoint(20), of: job.id)
        #expect(try await store.checkpoints(of: job.id).map(\.state) == [.good, .good])
        #expect(try await store.job(job.id)?.latestCheckpoint?.step == 20)
    }

    @Test func theStepThatAnAttemptBeganAtIsWhatItsWorkerSays() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let starting = try await fixture.job(1, in: .starting)
        try await store.transition(
            StateChange(
                job: starting.id, version: starting.version, move: JobMachine.Move(to: .running),
                at: TestStore.time(5), startStep: 7))
        #expect(try await store.attempts(of: starting.id).map(\.startStep) == [7])
        try await store.setStartStep(8, of: starting.id, attempt: 1)
        let attempt = try #require(try await store.attempts(of: starting.id).first)
        #expect((attempt.startStep, attempt.cores, attempt.secondsRun) == (8, 8, 0))
        #expect(attempt.placement?.hosts == TestStore.placement.hosts)
        await #expect(throws: StoreError.staleAttempt(starting.id, attempt: 2)) {
            try await store.setStartStep(9, of: starting.id, attempt: 2)
        }
        let ended = try await fixture.job(2, in: .succeeded)
        await #expect(throws: StoreError.staleAttempt(ended.id, attempt: 1)) {
            try await store.setStartStep(9, of: ended.id, attempt: 1)
        }
    }
}
