import GRDB
import Jobs
import Store
import Testing
import TestSupport

@Suite struct JobStoreQueueTests {
    @Test func theQueueIsInOrderInPages() async throws {
        let fixture = try TestStore()
        for (number, priority) in [0, 5, 0, 9, 5].enumerated() {
            var job = TestStore.job(number, shards: number == 3 ? nil : 4)
            job.priority = priority
            _ = try await fixture.store.submit(job)
        }
        try await fixture.store.change(
            TestStore.job(0).id, version: 1, to: JobChange(priority: 7, labels: ["a": "b"]), at: TestStore.time(9))
        try await fixture.job(100, in: .succeeded)
        let queue = try await fixture.store.queue(limit: 10)
        #expect(queue.jobs.map(\.id) == [3, 0, 1, 4, 2].map { TestStore.job($0).id })
        #expect(queue.jobs.map(\.slice?.cores) == [nil, 4, 4, 4, 4])
        #expect(queue.next == nil)
        var (after, pages) = (JobID?.none, [[JobID]]())
        repeat {
            let page = try await fixture.store.queue(limit: 2, after: after)
            #expect(page.firstPosition == 2 * pages.count + 1)
            pages.append(page.jobs.map(\.id))
            after = page.next
        } while after != nil
        #expect(pages.map(\.count) == [2, 2, 1])
        #expect(pages.joined().map { $0 } == queue.jobs.map(\.id))
        let records = try await fixture.store.list(limit: 10).jobs
        let positions = try await fixture.store.positions(of: records)
        #expect(positions == Dictionary(uniqueKeysWithValues: queue.jobs.map(\.id).enumerated().map { ($1, $0 + 1) }))
        #expect(try await fixture.store.job(TestStore.job(0).id)?.labels == ["a": "b"])
        await #expect(throws: StoreError.versionConflict(TestStore.job(0).id, expected: 1, found: 2)) {
            try await fixture.store.change(TestStore.job(0).id, version: 1, to: JobChange(), at: TestStore.time(9))
        }
    }

    /// Pages of any size are the queue in order, and each job's place is where it is found.
    @Test(arguments: UInt64(0)..<5)
    func placesAndPagesAgree(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let fixture = try TestStore()
        var queue: [(priority: Int, id: JobID)] = []
        for number in 0..<40 {
            var job = TestStore.job(number)
            job.priority = generator.below(4) - 1
            _ = try await fixture.store.submit(job)
            if generator.below(4) == 0 {
                try await fixture.store.transition(
                    StateChange(job: job.id, version: 1, move: .init(to: .paused), at: TestStore.time(99)))
            } else {
                queue.append((job.priority, job.id))
            }
        }
        queue.sort { ($1.priority, $0.id) < ($0.priority, $1.id) }
        let limit = 1 + generator.below(9)
        var (found, after) = ([JobID](), JobID?.none)
        repeat {
            let page = try await fixture.store.queue(limit: limit, after: after)
            #expect(page.firstPosition == found.count + 1, "seed \(seed)")
            found += page.jobs.map(\.id)
            after = page.next
        } while after != nil
        #expect(found == queue.map(\.id), "seed \(seed)")
        var some = try await fixture.store.list(limit: 100).jobs
        some.shuffle(using: &generator)
        some.removeLast(generator.below(20))
        let positions = try await fixture.store.positions(of: some)
        let expected = Dictionary(uniqueKeysWithValues: queue.enumerated().map { ($1.id, $0 + 1) })
        let asked = Set(some.map(\.id))
        #expect(positions == expected.filter { asked.contains($0.key) }, "seed \(seed)")
    }

    @Test func theFrontIsWhatCanStart() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let running = try await fixture.job(1, in: .running)
        for number in 2...5 { _ = try await store.submit(TestStore.job(number, shards: number == 2 ? 16 : 8)) }
        for number in 6...9 { _ = try await store.submit(TestStore.job(number, shards: nil)) }
        try await store.hold([TestStore.job(3).id], at: TestStore.time(50))
        let waits = try await fixture.job(20, in: .retryWait)
        func ids(_ jobs: [LiveJob]) -> [JobID] { jobs.map(\.id) }
        // Two workers, one of which runs: two of the queue's first, and two of those that need no cores.
        let front = try await store.queueFront(workers: 2, pod: Pod(parsing: "v2-8"))
        #expect(ids(front.holding) == [running.id])
        #expect(ids(front.ready) == [4, 5, 6, 7].map { TestStore.job($0).id })
        #expect(ids(front.timed) == [waits.id])
        let larger = try await store.queueFront(workers: 1, pod: Pod(parsing: "2x8"))
        #expect(ids(larger.ready) == [2, 6].map { TestStore.job($0).id })
        let smaller = try await store.queueFront(workers: 4, pod: Pod(parsing: "2x4"))
        #expect(ids(smaller.ready) == [6, 7, 8, 9].map { TestStore.job($0).id })
    }

    /// A row that can't be read at the end of a page does not end the list.
    @Test func aPageGoesOnBehindARowThatCanNotBeRead() async throws {
        let fixture = try TestStore()
        for number in 1...4 { _ = try await fixture.store.submit(TestStore.job(number)) }
        let queue = try DatabaseQueue(path: fixture.folder + "/" + JobStore.fileName)
        let bad = [1, 2].map { TestStore.job($0).id.description }
        try await queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try db.execute(sql: "UPDATE jobs SET shards = 9 WHERE id IN (?, ?)", arguments: [bad[0], bad[1]])
        }
        try queue.close()
        var (found, unreadable, after) = ([JobID](), [String](), JobID?.none)
        repeat {
            let page = try await fixture.store.queue(limit: 1, after: after)
            found += page.jobs.map(\.id)
            unreadable += page.unreadable
            after = page.next
        } while after != nil
        #expect(found == [3, 4].map { TestStore.job($0).id })
        #expect(unreadable == bad)
    }
}
