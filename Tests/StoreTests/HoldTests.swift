import Jobs
import Store
import Testing

@Suite struct HoldTests {
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
}
