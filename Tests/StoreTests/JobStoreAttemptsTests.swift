import Jobs
import Store
import Testing

@Suite struct JobStoreAttemptsTests {
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

    @Test func whatWasStoredOfTheRunTimeSurvivesTheDaemon() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .running)
        try await fixture.store.recordRunTime(7.25, of: job.id, attempt: 1)
        _ = try await fixture.store.recover(at: TestStore.time(99))
        #expect(try await fixture.store.attempts(of: job.id).map(\.secondsRun) == [7.25])
    }
}
