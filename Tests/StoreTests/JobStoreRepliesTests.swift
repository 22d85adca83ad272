import Jobs
import Store
import Testing

@Suite struct JobStoreRepliesTests {
    private static func promise(
        _ key: String, digest: String = "d", status: Int = 202
    ) -> ReplyPromise<JobRecord> {
        ReplyPromise(ReplyKey(scope: "o /v1/jobs/1/pause", key: key, digest: digest)) {
            KeptReply(status: status, body: Array("\($0.state.rawValue) \($0.version)".utf8), version: $0.version)
        }
    }

    private static func pause(_ job: JobRecord) -> StateChange {
        StateChange(job: job.id, version: job.version, move: .init(to: .paused), at: TestStore.time(9))
    }

    @Test func aRequestThatComesAgainIsAnsweredAgainAndDoesNothing() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await fixture.job(1, in: .queued)
        let promise = Self.promise("k")
        guard case .done(let paused) = try await store.transition(Self.pause(job), promise: promise) else {
            Issue.record("it did not come before")
            return
        }
        #expect(paused.state == .paused)
        let first = KeptReply(status: 202, body: Array("PAUSED 2".utf8), version: 2)
        // Whatever has become of the job: also a change that could not be made now.
        for change in [Self.pause(job), Self.pause(paused)] {
            guard case .earlier(let reply) = try await store.transition(change, promise: promise) else {
                Issue.record("it came before")
                continue
            }
            #expect(reply == first)
        }
        #expect(try await store.job(job.id) == paused)
        #expect(try await store.events(of: job.id).events.count == 2)
        guard case .earlier(first) = try await store.reply(to: promise.key) else {
            Issue.record("it is there")
            return
        }
        guard case .done = try await store.reply(to: Self.promise("other").key) else {
            Issue.record("it is another key")
            return
        }
        let other = Self.promise("k", digest: "e")
        guard case .conflict = try await store.reply(to: other.key) else {
            Issue.record("it has another body")
            return
        }
        guard
            case .conflict = try await store.change(
                job.id, version: nil, to: JobChange(priority: 1), at: TestStore.time(10), promise: other)
        else {
            Issue.record("it has another body")
            return
        }
        #expect(try await store.job(job.id) == paused)
    }

    /// A request that fails is not one that was done.
    @Test func whatFailsIsNotKept() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .queued)
        var change = Self.pause(job)
        change.version = 99
        await #expect(throws: StoreError.versionConflict(job.id, expected: 99, found: 1)) {
            try await fixture.store.transition(change, promise: Self.promise("k"))
        }
        guard case .done = try await fixture.store.reply(to: Self.promise("k").key) else {
            Issue.record("nothing was done")
            return
        }
    }

    @Test func whatChangesNothingIsKeptAndGoesWithTheJob() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await fixture.job(1, in: .cancelled)
        let promise = Self.promise("k", status: 200)
        guard case .done(job) = try await store.keep(promise, for: job, at: TestStore.time(9)),
            case .earlier(let reply) = try await store.keep(promise, for: job, at: TestStore.time(10))
        else {
            Issue.record("the second is the first again")
            return
        }
        #expect(reply.status == 200 && reply.version == job.version)
        try await store.delete(job.id)
        guard case .done = try await store.reply(to: promise.key) else {
            Issue.record("it went with the job")
            return
        }
    }

    @Test func requestsThatComeTogetherAreDoneOnce() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .queued)
        let change = JobChange(priority: 5)
        let done = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    let kept = try await fixture.store.change(
                        job.id, version: nil, to: change, at: TestStore.time(9), promise: Self.promise("k"))
                    if case .done = kept { return true }
                    return false
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(done == 1)
        #expect(try await fixture.store.job(job.id)?.version == 2)
    }
}
