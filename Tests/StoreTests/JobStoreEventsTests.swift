import Jobs
import Store
import Synchronization
import Testing

@Suite struct JobStoreEventsTests {
    @Test func eventsComeInPages() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        for number in 1...3 { try await fixture.job(number * 10, in: .running) }
        let all = try await store.events().events
        #expect(all.map(\.seq) == Array(1...9))
        for limit in [1, 2, 4, 9, 10] {
            var (found, after, pages) = ([EventRecord](), 0, 0)
            while true {
                let page = try await store.events(after: after, limit: limit)
                found += page.events
                pages += 1
                guard let next = page.next else { break }
                after = next
            }
            #expect(found == all)
            #expect(pages == (9 + limit - 1) / limit, "\(limit) a page")
        }
        let second = TestStore.job(20).id
        #expect(try await store.events(of: second).events == all.filter { $0.job == second })
        #expect(try await store.events(of: second, after: all[3].seq, limit: 1).events == [all[4]])
        #expect(try await store.events(after: 9).events.isEmpty)
        #expect(try await store.events(after: .max).events.isEmpty)
    }

    /// Where the last events begin, of one job and of all.
    @Test func theEndIsFoundFromBehind() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        #expect(try await store.seq(beforeLast: 3, of: nil) == 0)
        for number in 1...3 { try await fixture.job(number * 10, in: .running) }
        for (last, seq) in [(0, 9), (1, 8), (9, 0), (10, 0), (-1, 9)] {
            #expect(try await store.seq(beforeLast: last, of: nil) == seq, "\(last)")
        }
        let second = TestStore.job(20).id
        let seq = try await store.seq(beforeLast: 2, of: second)
        #expect(try await store.events(of: second, after: seq).events.map(\.to) == [.starting, .running])
    }

    @Test func aJobsEventsComeWithWhatItIs() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .failed)
        let all = try await fixture.store.jobEvents(of: job.id, after: 0, limit: 100)
        #expect(all.job == job)
        #expect(all.page.next == nil && all.page.events.last?.to == .failed)
        #expect(all.page.last == all.page.events.last?.seq)
        let rest = try await fixture.store.jobEvents(of: job.id, after: all.page.last, limit: 1)
        #expect(rest.page.events.isEmpty && rest.page.last == all.page.last)
        #expect(try await fixture.store.jobEvents(of: TestStore.job(9).id, after: 0, limit: 1).job == nil)
    }

    /// Every commit with events is told once it can be read, by the jobs that have them; others are not.
    @Test func everyCommitIsTold() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let told = Mutex<[Set<JobID>]>([])
        store.whenEventsCommit { jobs in told.withLock { $0.append(jobs) } }
        let job = try await fixture.job(1, in: .running)
        #expect(told.withLock { $0 } == [[job.id], [job.id], [job.id]])
        try await store.recordRunTime(1, of: job.id, attempt: 1)
        try await store.appendMetrics([MetricPoint(name: "loss", step: 1, value: 1, at: TestStore.time(1))], of: job.id)
        await #expect(throws: StoreError.self) {
            try await store.transition(
                StateChange(job: job.id, version: 99, move: .init(to: .stopping, intent: .kill), at: TestStore.time(9)))
        }
        #expect(told.withLock { $0.count } == 3)
        try await store.change(job.id, version: nil, to: JobChange(priority: 1), at: TestStore.time(9))
        #expect(told.withLock { $0.last } == [job.id])
        #expect(told.withLock { $0.count } == 4)
    }
}
