import Jobs
import Store
import Testing

@Suite struct JobStoreAuditTests {
    private static func mark(_ verb: String, _ principal: String = "alice") -> AuditMark {
        AuditMark(principal: principal, token: "5f0c2a91", verb: verb, requestID: "r-\(verb)")
    }

    private static func words(_ entries: [AuditEntry]) -> [String] {
        entries.map { "\($0.mark.principal) \($0.mark.verb) \($0.result)" }
    }

    @Test func whatIsDoneIsKeptWithWhoAskedForIt() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = TestStore.job(1)
        _ = try await store.submit(job, audit: Self.mark("submit"))
        _ = try await store.change(
            job.id, version: 1, to: JobChange(priority: 3), at: TestStore.time(2), promise: nil,
            audit: Self.mark("change", "bob"))
        _ = try await store.transition(
            StateChange(job: job.id, version: 2, move: .init(to: .cancelled), at: TestStore.time(3)), promise: nil,
            audit: Self.mark("cancel"))
        try await store.delete(job.id, audit: (Self.mark("delete"), TestStore.time(4)))
        _ = try await store.ask(.drain, ofHost: 3, at: TestStore.time(5), audit: Self.mark("drain", "olga"))
        try await store.record(Self.mark("checkpoint"), job: job.id, result: "ASKED", at: TestStore.time(6))
        let entries = try await store.audit(limit: 10).entries
        #expect(
            Self.words(entries) == [
                "alice checkpoint ASKED", "olga drain DRAINING", "alice delete DELETED", "alice cancel CANCELLED",
                "bob change CHANGED", "alice submit QUEUED",
            ])
        #expect(entries.map(\.at) == [6, 5, 4, 3, 2, 1].map { TestStore.time($0) })
        #expect(entries[1].host == 3 && entries[1].job == nil && entries[2].job == job.id.description)
        #expect(entries[5].mark == Self.mark("submit"))
        #expect(try await store.audit(job: job.id.description, limit: 9).entries.count == 5)
        #expect(Self.words(try await store.audit(principal: "bob", limit: 9).entries) == ["bob change CHANGED"])
        #expect(try await store.audit(job: "x", principal: "bob", limit: 9).entries.isEmpty)
    }

    /// What is refused, was so already or came before is not in it, nor what nobody asked for.
    @Test func onlyWhatIsDoneIsInIt() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await fixture.job(1, in: .queued)
        _ = try await store.ask(.undrain, ofHost: 0, at: TestStore.time(1), audit: Self.mark("undrain"))
        await #expect(throws: StoreError.self) {
            try await store.transition(
                StateChange(job: job.id, version: 9, move: .init(to: .cancelled), at: TestStore.time(3)), promise: nil,
                audit: Self.mark("cancel"))
        }
        let promise = ReplyPromise<JobRecord>(ReplyKey(scope: "s", key: "k", digest: "")) {
            KeptReply(status: 202, body: [], version: $0.version)
        }
        for _ in 0..<2 {
            _ = try await store.transition(
                StateChange(job: job.id, version: 1, move: .init(to: .paused), at: TestStore.time(4)), promise: promise,
                audit: Self.mark("pause"))
        }
        #expect(Self.words(try await store.audit(limit: 9).entries) == ["alice pause PAUSED"])
    }

    @Test func pagesMissNothingAndOldEntriesGo() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        for number in 1...5 {
            _ = try await store.submit(TestStore.job(number), audit: Self.mark("submit\(number)"))
        }
        var (seen, next): ([String], Int?) = ([], nil)
        repeat {
            let page = try await store.audit(limit: 2, before: next)
            seen += page.entries.map(\.mark.verb)
            next = page.next
        } while next != nil
        #expect(seen == ["submit5", "submit4", "submit3", "submit2", "submit1"])
        try await store.forgetAudit(before: TestStore.time(4))
        #expect(try await store.audit(limit: 9).entries.map(\.mark.verb) == ["submit5", "submit4"])
    }
}
