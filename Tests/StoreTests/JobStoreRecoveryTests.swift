import Jobs
import Store
import Testing

@Suite struct JobStoreRecoveryTests {
    @Test func everyStateAfterTheDaemonsEnd() async throws {
        let fixture = try TestStore()
        for (number, state) in JobState.allCases.enumerated() { try await fixture.job(number * 10, in: state) }
        try fixture.store.close()
        let store = try JobStore(folder: fixture.folder)
        let recovered = try await store.recover(at: TestStore.time(999))
        #expect(recovered.map(\.from) == [.starting, .running, .stopping])
        #expect(recovered.map(\.to) == [.queued, .queued, .cancelled])
        for (number, state) in JobState.allCases.enumerated() {
            let job = try #require(try await store.job(TestStore.job(number * 10).id))
            let change = recovered.first { $0.job == job.id }
            #expect(job.state == change?.to ?? state)
            guard change != nil else { continue }
            let attempt = try #require(try await store.attempts(of: job.id).last)
            #expect(attempt.end == AttemptEnd(outcome: .interrupted, ranStep: false, byDaemonsEnd: true))
            #expect(attempt.finishedAt == TestStore.time(999))
            #expect(try await store.events(of: job.id).events.last?.to == job.state)
        }
        #expect(try await store.recover(at: TestStore.time(1000)).isEmpty)
        try store.close()
    }

    @Test(arguments: StopIntent.allCases)
    func aJobThatWasStoppingGoesWhereItWasGoing(intent: StopIntent) async throws {
        let fixture = try TestStore()
        let running = try await fixture.job(1, in: .running)
        try await fixture.store.transition(
            StateChange(
                job: running.id, version: running.version, move: JobMachine.Move(to: .stopping, intent: intent),
                at: TestStore.time(5), stopDeadline: TestStore.time(35)))
        #expect(try await fixture.store.holdingJobs().map(\.stopIntent) == [intent])
        let recovered = try await fixture.store.recover(at: TestStore.time(9))
        #expect(recovered == [RecoveredJob(job: running.id, from: .stopping, to: intent.landing)])
    }

    @Test func anAttemptThatGotToACheckpointRanAStep() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .running)
        let checkpoint = StoredCheckpoint(
            step: 40, attempt: 1, createdAt: TestStore.time(5), keptBecause: "latest",
            files: [
                CheckpointFile(name: "model.safetensors", bytes: 4, sha256: String(repeating: "c", count: 64))
            ])
        try await fixture.store.recordCheckpoint(checkpoint, of: job.id)
        _ = try await fixture.store.recover(at: TestStore.time(9))
        let attempt = try #require(try await fixture.store.attempts(of: job.id).first)
        #expect(attempt.endStep == 40)
        #expect(attempt.end?.ranStep == true)
        let after = try #require(try await fixture.store.job(job.id))
        #expect(after.latestCheckpoint?.step == 40)
        let next = try await fixture.store.beginAttempt(
            AttemptStart(
                job: job.id, version: after.version, placement: TestStore.placement, startStep: 40, targetStep: 7,
                at: TestStore.time(11)))
        #expect((next.attempt, next.targetStep) == (2, 100))
        #expect(next.startedAt == job.startedAt)
    }
}
