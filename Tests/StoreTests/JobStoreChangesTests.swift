import Jobs
import Store
import Testing

@Suite struct JobStoreChangesTests {
    @Test func queuedJobsAreHeldUntilTheyAreResumed() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let queued = try await fixture.job(1, in: .queued)
        let running = try await fixture.job(2, in: .running)
        let ids = [running.id, queued.id, queued.id, TestStore.job(9).id]
        let held = try await store.hold(ids, at: TestStore.time(50))
        #expect(held.map(\.id) == [queued.id])
        #expect(held.map(\.isHeld) == [true])
        #expect(held.map(\.version) == [2])
        #expect(try await store.queue(limit: 9).jobs.filter(\.isHeld).map(\.id) == [queued.id])
        #expect(try await store.queueFront(workers: 9, pod: Pod(hosts: 1, coresPerHost: 8)).ready.isEmpty)
        #expect(try await store.events(of: queued.id).events.map(\.type) == ["STATE", "HELD"])
        let resume = JobMachine(state: .queued, isHeld: true).ask(.resume)
        guard case .move(let move) = resume else {
            Issue.record("resume is a change, not \(resume)")
            return
        }
        let resumed = try await store.transition(
            StateChange(job: queued.id, version: 2, move: move, at: TestStore.time(51)))
        #expect((resumed.state, resumed.isHeld, resumed.version) == (.queued, false, 3))
    }

    @Test(arguments: [Verb.cancel, .kill, .pause])
    func everyOtherVerbWorksOnAHeldJob(verb: Verb) async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .queued)
        try await fixture.store.hold([job.id], at: TestStore.time(50))
        guard case .move(let move) = JobMachine(state: .queued, isHeld: true).ask(verb) else {
            Issue.record("\(verb) moves a held job")
            return
        }
        let after = try await fixture.store.transition(
            StateChange(job: job.id, version: 2, move: move, at: TestStore.time(51)))
        #expect(!after.isHeld)
        #expect(after.state == move.to)
    }

    /// Each change, and the record that it makes of a new job's.
    @Test func aChangeTouchesOnlyWhatItNames() async throws {
        let changes: [(JobChange, (inout JobRecord) -> Void)] = [
            (JobChange(), { _ in }), (JobChange(priority: -3), { $0.priority = -3 }),
            (JobChange(labels: [:]), { $0.labels = [:] }), (JobChange(labels: ["b": "2"]), { $0.labels = ["b": "2"] }),
            (JobChange(maxRunSeconds: .some(.some(7.5))), { $0.maxRunSeconds = 7.5 }),
            (JobChange(maxRunSeconds: .some(nil)), { $0.maxRunSeconds = nil }),
            (JobChange(keepCheckpointMax: 0), { $0.keepCheckpointMax = 0 }),
        ]
        for (change, edit) in changes {
            let fixture = try TestStore()
            var job = TestStore.job(1)
            job.labels = ["a": "1"]
            job.maxRunSeconds = 3
            _ = try await fixture.store.submit(job)
            var expected = JobRecord(job)
            expected.spec = nil
            expected.version = 2
            edit(&expected)
            #expect(try await fixture.store.change(job.id, version: 1, to: change, at: TestStore.time(9)) == expected)
            #expect(try await fixture.store.job(job.id) == expected)
            #expect(try await fixture.store.events(of: job.id).events.map(\.type) == ["STATE", "PATCH"])
        }
    }

    @Test func aChangeThatTheDatabaseRefusesChangesNothing() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .queued)
        for change in [
            JobChange(labels: ["": "x"]), JobChange(maxRunSeconds: .some(0)), JobChange(keepCheckpointMax: -1),
        ] {
            await #expect(throws: StoreError.self) {
                try await fixture.store.change(job.id, version: nil, to: change, at: TestStore.time(9))
            }
        }
        #expect(try await fixture.store.job(job.id) == job)
        await #expect(throws: StoreError.noSuchJob(TestStore.job(5).id)) {
            try await fixture.store.change(TestStore.job(5).id, version: nil, to: JobChange(), at: TestStore.time(9))
        }
    }

    @Test(arguments: JobState.allCases) func onlyAFinishedJobIsDeleted(state: JobState) async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: state)
        guard state.isFinal else {
            await #expect(throws: StoreError.notFinal(job.id, state)) { try await fixture.store.delete(job.id) }
            #expect(try await fixture.store.job(job.id) == job)
            return
        }
        try await fixture.store.delete(job.id)
        #expect(try await fixture.store.job(job.id) == nil)
        #expect(try await fixture.store.attempts(of: job.id).isEmpty)
        await #expect(throws: StoreError.noSuchJob(job.id)) { try await fixture.store.delete(job.id) }
    }
}
