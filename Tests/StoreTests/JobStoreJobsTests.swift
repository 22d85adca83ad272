import Jobs
import Store
import Testing

@Suite struct JobStoreJobsTests {
    @Test func pagesShowEveryJobOnceNewestFirst() async throws {
        let fixture = try TestStore()
        for number in 0..<23 { _ = try await fixture.store.submit(TestStore.job(number)) }
        var numbers: [String] = []
        var after: JobID?
        repeat {
            let page = try await fixture.store.list(limit: 5, after: after)
            numbers += page.jobs.map(\.name)
            after = page.next
        } while after != nil
        #expect(numbers == (0..<23).reversed().map { "job \($0)" })
        let exact = try await fixture.store.list(limit: 23)
        #expect(exact.next == nil)
    }

    @Test func anEmptyStore() async throws {
        let fixture = try TestStore()
        #expect(try await fixture.store.list(limit: 5).jobs.isEmpty)
        #expect(try await fixture.store.newestJobID() == nil)
        #expect(try await fixture.store.counts().isEmpty)
        #expect(try await fixture.store.attempts(of: TestStore.job(1).id).isEmpty)
    }

    /// A page of long specifications ends early, and the next goes on where it ended.
    @Test func aPageIsNotMuchLongerThanEightMegabytes() async throws {
        let fixture = try TestStore()
        for number in 0..<4 {
            var job = TestStore.job(number)
            job.spec = "\"" + String(repeating: "x", count: 5 << 20) + "\""
            _ = try await fixture.store.submit(job)
        }
        let page = try await fixture.store.list(limit: 4, withSpec: true)
        #expect(page.jobs.map(\.id) == [3, 2].map { TestStore.job($0).id })
        #expect(page.next == TestStore.job(2).id)
        let rest = try await fixture.store.list(limit: 4, after: page.next, withSpec: true)
        #expect(rest.jobs.map(\.id) == [1, 0].map { TestStore.job($0).id })
        #expect(rest.next == nil)
        #expect(try await fixture.store.list(limit: 4).jobs.count == 4, "without specifications they are short")
        #expect(try await fixture.store.specification(of: TestStore.job(0).id)?.utf8.count == 5 << 20 + 2)
        #expect(try await fixture.store.specification(of: TestStore.job(9).id) == nil)
    }
}
