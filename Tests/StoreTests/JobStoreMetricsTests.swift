import Jobs
import Store
import Testing
import TestSupport

@Suite struct JobStoreMetricsTests {
    private static func point(_ name: String, _ step: Int, _ value: Double) -> MetricPoint {
        MetricPoint(name: name, step: step, value: value, at: TestStore.time(step))
    }

    /// While a series is short, it is a dictionary of steps, whatever is written again and forgotten.
    @Test(arguments: UInt64(0)..<6)
    func aSeriesIsWhatWasWrittenLast(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let fixture = try TestStore()
        let id = try await fixture.job(1, in: .running).id
        var model: [String: [Int: Double]] = [:]
        for _ in 0..<60 {
            if generator.below(5) == 0 {
                let step = generator.below(60)
                try await fixture.store.forgetMetrics(after: step, of: id)
                model = model.mapValues { $0.filter { $0.key <= step } }
            } else {
                let points = (0..<1 + generator.below(8)).map { _ in
                    Self.point(
                        ["loss", "eval/accuracy"][generator.below(2)], generator.below(60),
                        Double(generator.below(1000)))
                }
                try await fixture.store.appendMetrics(points, of: id)
                for point in points { model[point.name, default: [:]][point.step] = point.value }
            }
            let stored = try await fixture.store.metrics(of: id)
            let series = stored.mapValues { points in points.map { [Double($0.step), $0.value ?? .nan] } }
            let expected = model.filter { !$0.value.isEmpty }.mapValues { points in
                points.sorted { $0.key < $1.key }.map { [Double($0.key), $0.value] }
            }
            #expect(series == expected, "seed \(seed)")
        }
    }

    @Test func forgettingIsOfOneJobAlone() async throws {
        let fixture = try TestStore()
        let store = fixture.store
        let ids = try await [fixture.job(1, in: .running).id, fixture.job(2, in: .running).id]
        for id in ids { try await store.appendMetrics((0...9).map { Self.point("loss", $0, 1) }, of: id) }
        try await store.forgetMetrics(after: 4, of: ids[0])
        #expect(try await store.metrics(of: ids[0])["loss"]?.map(\.step) == Array(0...4))
        #expect(try await store.metrics(of: ids[1])["loss"]?.count == 10)
        try await store.forgetMetrics(after: -1, of: ids[0])
        #expect(try await store.metrics(of: ids[0]).isEmpty)
        try await store.forgetMetrics(after: 0, of: TestStore.job(77).id)
    }

    @Test func nothingIsNothing() async throws {
        let fixture = try TestStore()
        try await fixture.store.appendMetrics([], of: TestStore.job(77).id)
        #expect(try await fixture.store.metrics(of: TestStore.job(77).id).isEmpty)
    }
}
