import Jobs
import Store
import Synchronization
import Testing

@Suite struct JobStoreDeliveriesTests {
    private static func job(_ number: Int, _ webhooks: [Webhook]) -> NewJob {
        var job = TestStore.job(number)
        job.webhooks = webhooks
        return job
    }

    private static func webhook(_ url: String, _ states: JobState...) throws -> Webhook {
        Webhook(url: try WebhookURL(url), states: states)
    }

    private static func cancel(_ job: JobID, in store: JobStore) async throws {
        let record = try #require(try await store.job(job))
        try await store.transition(
            StateChange(
                job: job, version: record.version, move: .init(to: .cancelled), at: TestStore.time(50), message: "why"))
    }

    private static func settle(
        _ id: String, _ outcome: DeliveryAttempt.Outcome, at seconds: Int = 60, in store: JobStore
    ) async throws {
        try await store.settle(
            DeliveryAttempt(
                id: id, at: TestStore.time(seconds), outcome: outcome, status: outcome == .delivered ? 204 : nil,
                error: outcome == .delivered ? nil : "no answer"))
    }

    @Test func whatIsCommittedIsToBeToldToWhomItConcerns() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = Self.job(
            1,
            [
                try Self.webhook("https://a.example/x", .queued, .cancelled),
                try Self.webhook("https://b.example", .cancelled), try Self.webhook("https://c.example", .succeeded),
            ])
        let commits = Atomic(0)
        store.whenDeliveriesCommit { commits.add(1, ordering: .relaxed) }
        _ = try await store.submit(job)
        _ = try await store.submit(TestStore.job(2))
        try await Self.cancel(TestStore.job(2).id, in: store)
        try await Self.cancel(job.id, in: store)
        #expect(commits.load(ordering: .relaxed) == 2)
        let events = try await store.events(of: job.id).events
        let all = try await store.deliveries(limit: 10).deliveries
        #expect(all.map(\.url) == ["https://b.example", "https://a.example/x", "https://a.example/x"])
        #expect(all.map(\.event) == [events[1], events[1], events[0]])
        #expect(events[1].data.contains("why"))
        #expect(all.map(\.origin) == ["https://b.example", "https://a.example", "https://a.example"])
        #expect(Set(all.map(\.id)).count == 3 && all.allSatisfy { $0.id.hasPrefix("msg_") && $0.id.count == 36 })
        for delivery in all {
            #expect(delivery.state == .pending && delivery.attempts == 0 && delivery.dueAt == delivery.event.at)
            #expect(delivery.jobName == job.name && delivery.owner == job.owner)
            #expect(try await store.delivery(delivery.id) == delivery)
        }
        #expect(try await store.pendingDeliveries() == 3)
        // A change that is refused tells nothing.
        await #expect(throws: StoreError.self) { try await Self.cancel(job.id, in: store) }
        #expect(try await store.pendingDeliveries() == 3)
        // The job goes, what is to be told of it stays.
        try await store.delete(job.id)
        #expect(try await store.deliveries(limit: 10).deliveries == all)
    }

    @Test func aTryIsKept() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        _ = try await store.submit(Self.job(1, [try Self.webhook("https://a", .queued)]))
        let id = try #require(try await store.deliveries(limit: 1).deliveries.first).id
        try await Self.settle(id, .again(at: TestStore.time(65)), in: store)
        var delivery = try #require(try await store.delivery(id))
        #expect(delivery.state == .pending && delivery.attempts == 1 && delivery.tries == 1)
        #expect(delivery.dueAt == TestStore.time(65) && delivery.lastAt == TestStore.time(60))
        #expect(delivery.lastStatus == nil && delivery.lastError == "no answer")
        try await Self.settle(id, .dead, at: 70, in: store)
        delivery = try #require(try await store.delivery(id))
        #expect(delivery.state == .dead && delivery.attempts == 2 && delivery.dueAt == nil)
        // What is settled stays so, until somebody asks for it.
        try await Self.settle(id, .delivered, at: 71, in: store)
        #expect(try await store.delivery(id) == delivery)
        _ = try await store.redeliver(id, at: TestStore.time(80))
        delivery = try #require(try await store.delivery(id))
        #expect(delivery.state == .pending && delivery.attempts == 2 && delivery.tries == 0)
        #expect(delivery.dueAt == TestStore.time(80))
        try await Self.settle(id, .delivered, at: 81, in: store)
        delivery = try #require(try await store.delivery(id))
        #expect(delivery.state == .delivered && delivery.attempts == 3 && delivery.tries == 1)
        #expect(delivery.lastStatus == 204 && delivery.lastError == nil)
    }

    @Test func aKeyLetsItBeSentAgainOnce() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        _ = try await store.submit(Self.job(1, [try Self.webhook("https://a", .queued)]))
        let id = try #require(try await store.deliveries(limit: 1).deliveries.first).id
        let promise = ReplyPromise<DeliveryRecord>(ReplyKey(scope: "o /r", key: "k", digest: "")) {
            KeptReply(status: 202, body: Array($0.state.rawValue.utf8))
        }
        _ = try await store.redeliver(id, at: TestStore.time(1), promise: promise)
        try await Self.settle(id, .delivered, at: 2, in: store)
        guard case .earlier = try await store.redeliver(id, at: TestStore.time(3), promise: promise) else {
            Issue.record("it came before")
            return
        }
        #expect(try await store.delivery(id)?.state == .delivered)
        await #expect(throws: StoreError.noSuchDelivery("msg_0")) {
            try await store.redeliver("msg_0", at: TestStore.time(3))
        }
    }

    @Test func pagesAreNewestFirstAndMissNothing() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        for number in 1...7 {
            _ = try await store.submit(Self.job(number, [try Self.webhook("https://a", .queued)]))
        }
        let all = try await store.deliveries(limit: 100).deliveries
        #expect(all.map(\.number) == [7, 6, 5, 4, 3, 2, 1])
        try await Self.settle(all[1].id, .delivered, in: store)
        try await Self.settle(all[4].id, .dead, in: store)
        var (seen, next): ([Int], Int?) = ([], nil)
        repeat {
            let page = try await store.deliveries(in: [.pending], limit: 2, before: next)
            seen += page.deliveries.map(\.number)
            next = page.next
        } while next != nil
        #expect(seen == [7, 5, 4, 2, 1])
        #expect(try await store.deliveries(in: [.dead, .delivered], limit: 2).deliveries.map(\.number) == [6, 3])
        #expect(try await store.deliveries(of: TestStore.job(2).id, limit: 9).deliveries.map(\.number) == [2])
        #expect(try await store.deliveries(in: [.dead], of: TestStore.job(2).id, limit: 9).deliveries.isEmpty)
    }

    /// However much waits for one receiver, the others have their turn.
    @Test func eachReceiverHasItsTurn() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        for number in 1...20 {
            _ = try await store.submit(Self.job(number, [try Self.webhook("https://slow/\(number)", .queued)]))
        }
        for number in 21...23 {
            _ = try await store.submit(Self.job(number, [try Self.webhook("https://h\(number)/x", .queued)]))
        }
        func waiting(_ receivers: Int, _ ofEach: Int) async throws -> [String] {
            try await store.waitingDeliveries(receivers: receivers, ofEach: ofEach).map(\.url)
        }
        #expect(
            try await waiting(9, 2)
                == ["https://slow/1", "https://slow/2", "https://h21/x", "https://h22/x", "https://h23/x"])
        #expect(try await waiting(2, 1) == ["https://slow/1", "https://h21/x"])
        let first = try await store.waitingDeliveries(receivers: 1, ofEach: 1)[0].id
        try await Self.settle(first, .again(at: TestStore.time(100)), in: store)
        #expect(try await waiting(1, 1) == ["https://slow/2"])
    }

    @Test func whatIsSettledGoesByItsAge() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        for number in 1...4 {
            _ = try await store.submit(Self.job(number, [try Self.webhook("https://a", .queued)]))
        }
        let ids = try await store.deliveries(limit: 9).deliveries.map(\.id).reversed().map(\.self)
        let day = 86_400
        try await Self.settle(ids[0], .delivered, at: 0, in: store)
        try await Self.settle(ids[1], .dead, at: 0, in: store)
        try await Self.settle(ids[2], .delivered, at: 7 * day, in: store)
        #expect(try await store.deliveries(limit: 9).deliveries.count == 4)
        try await Self.settle(ids[3], .again(at: TestStore.time(8 * day)), at: 7 * day + 1, in: store)
        #expect(try await store.deliveries(limit: 9).deliveries.map(\.id) == [ids[3], ids[2], ids[1]])
        try await Self.settle(ids[3], .again(at: TestStore.time(99 * day)), at: 30 * day + 1, in: store)
        #expect(try await store.deliveries(limit: 9).deliveries.map(\.id) == [ids[3]])
    }
}
