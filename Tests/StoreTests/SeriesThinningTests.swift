import Jobs
import Store
import Testing
import TestSupport

/// Which points of a series stay follows from its step numbers alone.
@Suite struct SeriesThinningTests {
    /// The rule as its definition says it: the first of each window of the smallest width with which at most `limit`
    /// windows have a point, and the last of all.
    private static func kept(_ steps: [Int], limit: Int) -> [Int] {
        let steps = Set(steps).sorted()
        var shift = 0
        while Set(steps.map { $0 >> shift }).count > limit { shift += 1 }
        var kept = Dictionary(grouping: steps) { $0 >> shift }.compactMap { $0.value.first }
        if let last = steps.last, !kept.contains(last) { kept.append(last) }
        return kept.sorted()
    }

    private static func points(_ steps: some Sequence<Int>) -> [MetricPoint] {
        steps.map { MetricPoint(name: "loss", step: $0, value: Double($0), at: TestStore.time($0 % 1000)) }
    }

    @Test func theSamePointsStayWhateverTheBatchesAndTheKills() async throws {
        for _ in 0..<12 {
            let seed = UInt64.random(in: .min ... .max)
            var generator = SeededGenerator(seed: seed)
            let fixture = try TestStore()
            let id = try await fixture.job(1, in: .running).id
            let limit = Int.random(in: 1...20, using: &generator)
            var (steps, step) = ([Int](), Int.random(in: 0...5, using: &generator))
            let loop = [1, 1, 7, 100].randomElement(using: &generator) ?? 1
            for _ in 0..<Int.random(in: 1...150, using: &generator) {
                steps.append(step)
                step += loop * (Int.random(in: 0...9, using: &generator) == 0 ? 3 : 1)
            }
            // The run: batches of any size, and now and then an attempt ends and the next goes on from a checkpoint.
            var (next, kills) = (0, 0)
            while next < steps.count {
                let end = min(steps.count, next + Int.random(in: 1...40, using: &generator))
                try await fixture.store.appendMetrics(Self.points(steps[next..<end]), of: id, limit: limit)
                next = end
                if kills < 6, Int.random(in: 0..<4, using: &generator) == 0 {
                    kills += 1
                    let checkpoint = Int.random(in: 0...steps[next - 1], using: &generator)
                    try await fixture.store.forgetMetrics(after: checkpoint, of: id)
                    next = steps.firstIndex { $0 > checkpoint } ?? steps.count
                }
            }
            let stored = try await fixture.store.metrics(of: id)["loss"] ?? []
            #expect(stored.map(\.step) == Self.kept(steps, limit: limit), "seed \(seed)")
            #expect(stored.allSatisfy { $0.value == Double($0.step) }, "seed \(seed)")
        }
    }

    @Test func theOrderOfThePointsDoesNotMatter() async throws {
        for _ in 0..<8 {
            let seed = UInt64.random(in: .min ... .max)
            var generator = SeededGenerator(seed: seed)
            let fixture = try TestStore()
            let id = try await fixture.job(1, in: .running).id
            let steps = (0..<60).map { _ in Int.random(in: 0...400, using: &generator) }
            for step in steps { try await fixture.store.appendMetrics(Self.points([step]), of: id, limit: 9) }
            let stored = try await fixture.store.metrics(of: id)["loss"] ?? []
            #expect(stored.map(\.step) == Self.kept(steps, limit: 9), "seed \(seed)")
        }
    }

    @Test func aSeriesHasABound() async throws {
        let fixture = try TestStore()
        let id = try await fixture.job(1, in: .running).id
        for first in stride(from: 0, to: 25_000, by: 5000) {
            try await fixture.store.appendMetrics(Self.points(first..<first + 5000), of: id)
        }
        let stored = try await fixture.store.metrics(of: id)["loss"] ?? []
        #expect(stored.map(\.step) == Self.kept(Array(0..<25_000), limit: JobStore.seriesLimit))
        #expect(stored.count <= JobStore.seriesLimit + 1)
        #expect(stored.last?.step == 24_999)
        // A point of the last step replaces it.
        try await fixture.store.appendMetrics(
            [MetricPoint(name: "loss", step: 24_999, value: 0.5, at: TestStore.time(1))], of: id)
        #expect(try await fixture.store.metrics(of: id)["loss"]?.last?.value == 0.5)
    }
}
