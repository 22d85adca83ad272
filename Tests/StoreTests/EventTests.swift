import Jobs
import Store
import Testing

@Suite struct EventTests {
    /// The data of every kind of event: what there is nothing of is left out, and numbers are numbers.
    @Test func whatEachKindSays() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await fixture.job(1, in: .running)
        let sum = String(repeating: "a", count: 64)
        try await store.recordCheckpoint(
            StoredCheckpoint(
                step: 7, attempt: 1, createdAt: TestStore.time(10), keptBecause: "latest",
                files: [CheckpointFile(name: "model.safetensors", bytes: 1, sha256: sum)]), of: job.id)
        try await store.markDamaged(7, of: job.id, at: TestStore.time(11))
        let changed = try await store.change(
            job.id, version: nil, to: JobChange(priority: 3), at: TestStore.time(12))
        let stopping = try await store.transition(
            StateChange(
                job: job.id, version: changed.version, move: .init(to: .stopping, intent: .pause),
                at: TestStore.time(13)))
        try await store.finishAttempt(
            AttemptFinish(
                attempt: 1, end: AttemptEnd(outcome: .crashed, ranStep: false), endStep: 0, secondsRun: 1,
                change: StateChange(
                    job: job.id, version: stopping.version, move: .init(to: .failed, reason: .maxAttempts),
                    at: TestStore.time(14))))
        let events = try await store.events(of: job.id).events
        #expect(
            events.map { "\($0.type) \($0.data)" } == [
                "STATE {}", "STATE {}", "STATE {}", "CHECKPOINT {\"step\":7,\"sha256\":\"\(sum)\"}",
                "CHECKPOINT_DAMAGED {\"step\":7}", "PATCH {}", "STATE {\"intent\":\"PAUSE\"}",
                "STATE {\"reason\":\"MAX_ATTEMPTS\",\"outcome\":\"CRASHED\"}",
            ])
        #expect(events.map(\.attempt) == [0, 1, 1, 1, 1, 1, 1, 1])
        #expect(events.map(\.seq) == Array(1...8))
        #expect(events.map(\.from) == [nil, .queued, .starting, nil, nil, nil, .running, .stopping])
        #expect(events.map(\.to) == [.queued, .starting, .running, nil, nil, nil, .stopping, .failed])
    }

    @Test func numbersAreNeverGivenTwice() async throws {
        let fixture = try TestStore()
        let first = try await fixture.job(1, in: .paused)
        #expect(try await fixture.store.events().events.map(\.seq) == [1, 2])
        try await fixture.store.transition(
            StateChange(job: first.id, version: first.version, move: .init(to: .cancelled), at: TestStore.time(9)))
        try await fixture.store.delete(first.id)
        try await fixture.job(2, in: .queued)
        #expect(try await fixture.store.events().events.map(\.seq) == [4])
    }
}
