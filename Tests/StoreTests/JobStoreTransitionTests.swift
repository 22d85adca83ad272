import Jobs
import Store
import Testing

@Suite struct JobStoreTransitionTests {
    @Test func aJobFromSubmissionToSuccess() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        var job = TestStore.job(1)
        job.labels = ["team": "vision", "é": "ü=\n"]
        job.retry = RetryPolicy(maxAttempts: 2, backoffSeconds: 0.5)
        job.startDeadline = TestStore.time(100)
        job.maxRunSeconds = 3.5
        #expect(try await store.submit(job) == .created(JobRecord(job)))
        #expect(try await store.job(job.id, withSpec: true) == JobRecord(job))
        #expect(try await store.job(job.id)?.spec == nil)

        var record = try await store.beginAttempt(
            AttemptStart(
                job: job.id, version: 1, placement: TestStore.placement, startStep: 0, targetStep: 500,
                at: TestStore.time(2)))
        #expect((record.state, record.version, record.attempt, record.targetStep) == (.starting, 2, 1, 500))
        #expect(record.placement == TestStore.placement)
        #expect(record.startedAt == TestStore.time(2))
        record = try await store.transition(
            StateChange(job: job.id, version: 2, move: JobMachine.Move(to: .running), at: TestStore.time(3)))
        let files = [
            CheckpointFile(name: "manifest.json", bytes: 2, sha256: String(repeating: "b", count: 64)),
            CheckpointFile(name: "model.safetensors", bytes: 40, sha256: String(repeating: "a", count: 64)),
        ]
        let checkpoint = StoredCheckpoint(
            step: 500, attempt: 1, createdAt: TestStore.time(4), keptBecause: "latest", files: files)
        let recorded = try await store.recordCheckpoint(checkpoint, of: job.id, progress: "{\"global_step\":500}")
        #expect((recorded.job.version, recorded.checkpoints, recorded.isNew) == (4, [checkpoint], true))
        record = try await store.finishAttempt(
            AttemptFinish(
                attempt: 1, end: AttemptEnd(outcome: .succeeded, ranStep: true), endStep: 500, secondsRun: 1,
                change: StateChange(
                    job: job.id, version: 4, move: JobMachine.Move(to: .succeeded), at: TestStore.time(5),
                    result: "{\"global_step\":500}")))
        #expect((record.state, record.version) == (.succeeded, 5))
        #expect(record.finishedAt == TestStore.time(5))
        #expect(record.placement == TestStore.placement)
        #expect(record.latestCheckpoint?.step == 500)
        #expect(record.progress == "{\"global_step\":500}")
        #expect(try await store.job(job.id) == record)
        #expect(try await store.checkpoints(of: job.id) == [checkpoint])
        let attempts = try await store.attempts(of: job.id)
        #expect(attempts.map(\.end?.outcome) == [.succeeded])
        #expect(attempts.map(\.endStep) == [500])
        let events = try await store.events(of: job.id).events
        #expect(events.map(\.type) == ["STATE", "STATE", "STATE", "CHECKPOINT", "STATE"])
        #expect(events.map(\.to) == [.queued, .starting, .running, nil, .succeeded])
        #expect(events.last?.data == "{\"outcome\":\"SUCCEEDED\"}")
        #expect(try await store.events(after: events[2].seq).events.map(\.seq) == [events[3].seq, events[4].seq])
        #expect(try await store.holdingJobs().isEmpty)
    }

    @Test(arguments: JobState.allCases)
    func everyLegalTransitionIsStoredAndEveryOtherRefused(from: JobState) async throws {
        for to in JobState.allCases where to != .starting {
            let fixture = try TestStore()
            let before = try await fixture.job(1, in: from)
            let move = JobMachine.Move(
                to: to, intent: to == .stopping ? .kill : nil, waitSeconds: to == .retryWait ? 1 : nil)
            let change = StateChange(job: before.id, version: before.version, move: move, at: TestStore.time(9))
            let store = fixture.store
            if TransitionTable.allows(from, to) {
                let after: JobRecord
                if from.holdsResources && !to.holdsResources {
                    // An attempt that is live must end in the same transaction.
                    await #expect(throws: StoreError.self) { try await store.transition(change) }
                    after = try await store.finishAttempt(
                        AttemptFinish(
                            attempt: 1, end: AttemptEnd(outcome: .interrupted, ranStep: true), endStep: 1,
                            secondsRun: 1,
                            change: change))
                } else {
                    after = try await store.transition(change)
                }
                #expect((after.state, after.version) == (to, before.version + 1), "\(from) to \(to)")
                #expect((after.failure != nil) == (to == .failed))
            } else {
                await #expect(throws: StoreError.illegalTransition(before.id, from: from, to: to)) {
                    try await store.transition(change)
                }
                #expect(try await store.job(before.id) == before)
            }
        }
    }

    @Test func aDecisionOnAnOldVersionIsRefused() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await fixture.job(1, in: .running)
        let stale = StateChange(
            job: job.id, version: job.version - 1, move: JobMachine.Move(to: .stopping, intent: .cancel),
            at: TestStore.time(9))
        await #expect(throws: StoreError.versionConflict(job.id, expected: 2, found: 3)) {
            try await store.transition(stale)
        }
        let finish = AttemptFinish(
            attempt: 2, end: AttemptEnd(outcome: .crashed, ranStep: false), endStep: 0, secondsRun: 1,
            change: StateChange(
                job: job.id, version: job.version, move: JobMachine.Move(to: .queued), at: TestStore.time(9)))
        await #expect(throws: StoreError.staleAttempt(job.id, attempt: 2)) { try await store.finishAttempt(finish) }
        let nobody = TestStore.job(77).id
        await #expect(throws: StoreError.noSuchJob(nobody)) {
            try await store.transition(
                StateChange(job: nobody, version: 1, move: JobMachine.Move(to: .paused), at: TestStore.time(9)))
        }
        #expect(try await store.job(job.id) == job)
        #expect(try await store.job(nobody) == nil)
    }

    @Test func ofTwoDecisionsOnOneVersionOneWins() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await fixture.job(1, in: .queued)
        let wins = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask {
                    do {
                        if number.isMultiple(of: 2) {
                            try await store.transition(
                                StateChange(
                                    job: job.id, version: 1, move: JobMachine.Move(to: .cancelled),
                                    at: TestStore.time(5)))
                        } else {
                            try await store.beginAttempt(
                                AttemptStart(
                                    job: job.id, version: 1, placement: TestStore.placement, startStep: 0,
                                    at: TestStore.time(5)))
                        }
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
        #expect(try await store.job(job.id)?.version == 2)
        #expect(try await store.events(of: job.id).events.count == 2)
    }
}
