import Jobs
import Store
import Testing

@Suite struct JobStoreSubmitTests {
    private static func promise(_ key: String, body: String = "a", scope: String = "anonymous /v1/jobs") -> Idempotency
    {
        Idempotency(scope: scope, key: key, digest: body, answer: Array("answer to \(body)".utf8))
    }

    @Test func theSameRequestGetsTheFirstAnswerAndAnotherBodyAConflict() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        _ = try await store.submit(TestStore.job(1), idempotency: Self.promise("k"))
        let again = try await store.submit(TestStore.job(2), idempotency: Self.promise("k"))
        #expect(again == .replayed(TestStore.job(1).id, answer: Array("answer to a".utf8)))
        let other = try await store.submit(TestStore.job(3), idempotency: Self.promise("k", body: "b"))
        #expect(other == .conflict(TestStore.job(1).id))
        let elsewhere = try await store.submit(
            TestStore.job(4), idempotency: Self.promise("k", scope: "alice /v1/jobs"))
        #expect(elsewhere == .created(JobRecord(TestStore.job(4))))
        #expect(try await store.counts() == [.queued: 2])
    }

    @Test func ofManyAtOnceOneMakesTheJob() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let results = try await withThrowingTaskGroup(of: Submission.self) { group in
            for number in 0..<64 {
                group.addTask { try await store.submit(TestStore.job(number), idempotency: Self.promise("k")) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let created = results.compactMap { if case .created(let job) = $0 { job.id } else { nil } }
        let replayed = results.compactMap { if case .replayed(let id, _) = $0 { id } else { nil } }
        #expect(created.count == 1)
        #expect(replayed == Array(repeating: created.first, count: 63))
        #expect(try await store.counts() == [.queued: 1])
    }

    @Test func theKeyGoesWithItsJob() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = TestStore.job(1)
        _ = try await store.submit(job, idempotency: Self.promise("k"))
        await #expect(throws: StoreError.notFinal(job.id, .queued)) { try await store.delete(job.id) }
        try await store.transition(
            StateChange(job: job.id, version: 1, move: JobMachine.Move(to: .cancelled), at: TestStore.time(2)))
        try await store.delete(job.id)
        #expect(try await store.job(job.id) == nil)
        #expect(try await store.events().events.isEmpty)
        let again = try await store.submit(TestStore.job(2), idempotency: Self.promise("k"))
        #expect(again == .created(JobRecord(TestStore.job(2))))
    }

    @Test func theQueueTakesAsManyAsItMayAndStillReplays() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let results = try await withThrowingTaskGroup(of: Submission.self) { group in
            for number in 0..<40 {
                group.addTask { try await store.submit(TestStore.job(number), queueLimit: 15) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0 == .queueFull(waiting: 15) } == 25)
        #expect(try await store.counts() == [.queued: 15])
        _ = try await store.submit(TestStore.job(50), idempotency: Self.promise("k"))
        let replay = try await store.submit(TestStore.job(51), idempotency: Self.promise("k"), queueLimit: 15)
        #expect(replay == .replayed(TestStore.job(50).id, answer: Array("answer to a".utf8)))
    }

    /// The limit is the owner's own, and jobs that have ended don't count.
    @Test func anOwnerHasAsManyInTheQueueAsItMay() async throws {
        let store = try TestStore().store
        func job(_ number: Int, of owner: String) -> NewJob {
            var job = TestStore.job(number)
            job.owner = owner
            return job
        }
        for number in 0..<2 {
            let taken = try await store.submit(job(number, of: "alice"), ownerLimit: 2)
            #expect(taken == .created(JobRecord(job(number, of: "alice"))))
        }
        #expect(try await store.submit(job(2, of: "alice"), ownerLimit: 2) == .ownerQueueFull(waiting: 2))
        #expect(try await store.submit(job(3, of: "bob"), ownerLimit: 2) == .created(JobRecord(job(3, of: "bob"))))
        try await store.transition(
            StateChange(
                job: TestStore.job(0).id, version: 1, move: JobMachine.Move(to: .cancelled), at: TestStore.time(2)))
        #expect(try await store.submit(job(4, of: "alice"), ownerLimit: 2) == .created(JobRecord(job(4, of: "alice"))))
    }
}
