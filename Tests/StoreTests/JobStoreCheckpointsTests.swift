import Jobs
import Store
import Testing

@Suite struct JobStoreCheckpointsTests {
    private static func checkpoint(_ step: Int, attempt: Int = 1) -> StoredCheckpoint {
        StoredCheckpoint(
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
        let again = try JobStore(folder: fixture.folder)
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

    @Test func checkpointsAreRecordedReplacedKeptAndForgotten() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await fixture.job(1, in: .running)
        func checkpoint(_ step: Int, _ digit: Character) -> StoredCheckpoint {
            StoredCheckpoint(
                step: step, attempt: 1, createdAt: TestStore.time(step), keptBecause: "latest",
                files: ["manifest.json", "model.safetensors"].map {
                    CheckpointFile(name: $0, bytes: 10, sha256: String(repeating: digit, count: 64))
                })
        }
        for (step, digit) in [(10, "a"), (20, "b"), (30, "c"), (20, "d")] as [(Int, Character)] {
            try await store.recordCheckpoint(checkpoint(step, digit), of: job.id)
        }
        #expect(try await store.keepBestCheckpoints([10, 99], of: job.id).isNew)
        #expect(try await store.checkpoints(of: job.id).map(\.step) == [30, 20, 10])
        #expect(try await store.checkpoints(of: job.id)[1] == checkpoint(20, "d"))
        #expect(try await store.checkpoints(of: job.id).map(\.keptBecause) == ["latest", "latest", "BEST"])
        #expect(try await !store.keepBestCheckpoints([10], of: job.id).isNew)
        let best = try await store.keepBestCheckpoints([30], of: job.id)
        #expect(best.isNew && best.checkpoints.map(\.keptBecause) == ["BEST", "latest", "NEWEST"])
        #expect(try await store.job(job.id)?.latestCheckpoint?.sha256 == String(repeating: "c", count: 64))
        try await store.forgetCheckpoints([30, 99], of: job.id)
        #expect(try await store.job(job.id)?.latestCheckpoint?.sha256 == String(repeating: "d", count: 64))
        #expect(try await store.checkpoints(of: job.id).map(\.step) == [20, 10])
        var incomplete = checkpoint(40, "e")
        incomplete.files.removeLast()
        await #expect(throws: StoreError.self) { try await store.recordCheckpoint(incomplete, of: job.id) }
        #expect(try await store.job(job.id)?.version == job.version + 7)
    }

    @Test func aLateCheckpointOfAnEarlierAttemptIsRefused() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await fixture.job(1, in: .retryWait)
        let checkpoint = StoredCheckpoint(
            step: 5, attempt: 1, createdAt: TestStore.time(9), keptBecause: "latest",
            files: [
                CheckpointFile(name: "model.safetensors", bytes: 4, sha256: String(repeating: "0", count: 64))
            ])
        await #expect(throws: StoreError.staleAttempt(job.id, attempt: 1)) {
            try await store.recordCheckpoint(checkpoint, of: job.id)
        }
        #expect(try await store.checkpoints(of: job.id).isEmpty)
    }
}
