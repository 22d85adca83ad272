import Jobs
import Store
import Testing

@Suite struct ReadingTests {
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

    @Test func filters() async throws {
        let fixture = try TestStore()
        for number in 0..<12 {
            var job = TestStore.job(number)
            job.owner = number.isMultiple(of: 2) ? "alice" : "bob"
            job.name = number < 6 ? "low" : "high"
            job.labels = ["third": "\(number % 3)", "all": ""]
            _ = try await fixture.store.submit(job)
        }
        try await fixture.store.transition(
            StateChange(
                job: TestStore.job(11).id, version: 1, move: JobMachine.Move(to: .paused), at: TestStore.time(99)))
        func list(_ change: (inout JobFilter) -> Void) async throws -> [JobID] {
            var filter = JobFilter()
            change(&filter)
            return try await fixture.store.list(filter, limit: 100).jobs.map(\.id)
        }
        func ids(_ numbers: Int...) -> [JobID] { numbers.map { TestStore.job($0).id } }
        #expect(try await list { $0.owner = "alice" } == ids(10, 8, 6, 4, 2, 0))
        #expect(try await list { $0.name = "high" }.count == 6)
        #expect(try await list { $0.labels = ["third": "1", "all": ""] } == ids(10, 7, 4, 1))
        #expect(try await list { $0.labels = ["third": "1", "all": "x"] }.isEmpty)
        #expect(try await list { $0.states = [.paused, .failed] } == ids(11))
        #expect(try await list { $0.owner = "x' OR 1=1 --" }.isEmpty)
        #expect(try await fixture.store.newestJobID() == TestStore.job(11).id)
    }

    @Test func theQueueStandsInOrderInPages() async throws {
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

    @Test func anEmptyStore() async throws {
        let fixture = try TestStore()
        #expect(try await fixture.store.list(limit: 5).jobs.isEmpty)
        #expect(try await fixture.store.newestJobID() == nil)
        #expect(try await fixture.store.counts().isEmpty)
        #expect(try await fixture.store.attempts(of: TestStore.job(1).id).isEmpty)
    }

    @Test func seriesAreReplacedFilteredAndThinned() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let id = try await fixture.job(1, in: .running).id
        func points(_ name: String, _ steps: StrideTo<Int>, _ value: Double) -> [MetricPoint] {
            steps.map { MetricPoint(name: name, step: $0, value: value, at: TestStore.time($0)) }
        }
        try await store.appendMetrics(points("loss", stride(from: 0, to: 1000, by: 1), 1), of: id)
        try await store.appendMetrics(points("loss", stride(from: 990, to: 1000, by: 1), .nan), of: id)
        try await store.appendMetrics(points("eval/accuracy", stride(from: 0, to: 1000, by: 100), 0.5), of: id)
        let all = try await store.metrics(of: id)
        #expect(all.mapValues(\.count) == ["loss": 1000, "eval/accuracy": 10])
        #expect(all["loss"]?.last == MetricPoint(name: "loss", step: 999, value: nil, at: TestStore.time(999)))
        let thin = try await store.metrics(of: id, names: ["loss"], fromStep: 500, maxPoints: 5)
        #expect(thin["loss"]?.map(\.step) == [599, 699, 799, 899, 999])
        #expect(thin.count == 1)
        #expect(try await store.metrics(of: id, maxPoints: 1)["loss"]?.map(\.step) == [999])
        await #expect(throws: StoreError.self) {
            try await store.appendMetrics(points("loss", stride(from: 0, to: 1, by: 1), 1), of: TestStore.job(9).id)
        }
    }

    @Test func checkpointsAreRecordedReplacedKeptAndForgotten() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let job = try await fixture.job(1, in: .running)
        func checkpoint(_ step: Int, _ digit: Character) -> CheckpointRecord {
            CheckpointRecord(
                step: step, attempt: 1, createdAt: TestStore.time(step), keptBecause: "latest",
                files: ["manifest.json", "model.safetensors"].map {
                    CheckpointFile(name: $0, bytes: 10, sha256: String(repeating: digit, count: 64))
                })
        }
        for (step, digit) in [(10, "a"), (20, "b"), (30, "c"), (20, "d")] as [(Int, Character)] {
            try await store.recordCheckpoint(checkpoint(step, digit), of: job.id)
        }
        try await store.keepCheckpoint(10, of: job.id, because: "asked for")
        #expect(try await store.checkpoints(of: job.id).map(\.step) == [30, 20, 10])
        #expect(try await store.checkpoints(of: job.id)[1] == checkpoint(20, "d"))
        #expect(try await store.checkpoints(of: job.id)[2].keptBecause == "asked for")
        #expect(try await store.job(job.id)?.latestCheckpoint?.sha256 == String(repeating: "c", count: 64))
        try await store.forgetCheckpoints([30, 99], of: job.id)
        #expect(try await store.job(job.id)?.latestCheckpoint?.sha256 == String(repeating: "d", count: 64))
        #expect(try await store.checkpoints(of: job.id).map(\.step) == [20, 10])
        var incomplete = checkpoint(40, "e")
        incomplete.files.removeLast()
        await #expect(throws: StoreError.self) { try await store.recordCheckpoint(incomplete, of: job.id) }
        #expect(try await store.job(job.id)?.version == job.version + 5)
    }
}
