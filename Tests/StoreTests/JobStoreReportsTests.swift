import Jobs
import Store
import Testing

@Suite struct JobStoreReportsTests {
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

    @Test func aJobAndItsAttemptsAreReadTogether() async throws {
        let fixture = try TestStore()
        let job = try await fixture.job(1, in: .retryWait)
        let both = try #require(try await fixture.store.jobWithAttempts(job.id))
        #expect(both.job == job)
        #expect(both.attempts.map(\.end?.outcome) == [.crashed])
        #expect(try await fixture.store.jobWithAttempts(TestStore.job(9).id) == nil)
    }

    @Test func noPointsAtMostMeansAll() async throws {
        let fixture = try TestStore()
        let id = try await fixture.job(1, in: .running).id
        let points = (0..<5).map { MetricPoint(name: "loss", step: $0, value: 1, at: TestStore.time($0)) }
        try await fixture.store.appendMetrics(points, of: id)
        for limit in [nil, 0, -1, 5, 6] as [Int?] {
            #expect(try await fixture.store.metrics(of: id, maxPoints: limit)["loss"]?.count == 5)
        }
        #expect(try await fixture.store.metrics(of: id, maxPoints: 2)["loss"]?.map(\.step) == [1, 4])
        #expect(try await fixture.store.metrics(of: id, fromStep: 4)["loss"]?.map(\.step) == [4])
        #expect(try await fixture.store.metrics(of: id, fromStep: 5).isEmpty)
        #expect(try await fixture.store.metrics(of: id, names: ["x"]).isEmpty)
    }
}
