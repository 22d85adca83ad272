import Jobs
import Store
import Testing

/// What becomes of points that come before others which are stored already.
@Suite struct MetricSeriesTests {
    /// The series of a running job after its points came one by one, with room for two windows.
    private static func series(_ points: [(step: Int, value: Double)]) async throws -> [Int: Double?] {
        let fixture = try TestStore()
        let id = try await fixture.job(1, in: .running).id
        for (step, value) in points {
            let point = MetricPoint(name: "loss", step: step, value: value, at: TestStore.time(step))
            try await fixture.store.appendMetrics([point], of: id, limit: 2)
        }
        let stored = try await fixture.store.metrics(of: id)["loss"] ?? []
        return Dictionary(uniqueKeysWithValues: stored.map { ($0.step, $0.value) })
    }

    /// Steps 0 to 7: two windows of four, whose first points stay, and the last point of all.
    private static let eight = (0...7).map { (step: $0, value: Double($0)) }

    @Test func aSeriesIsThinnedAsItGrows() async throws {
        #expect(try await Self.series(Self.eight) == [0: 0, 4: 4, 7: 7])
    }

    @Test(arguments: [
        // The first of a window, and the last of all, are replaced.
        (4, [0: 0, 4: 99, 7: 7] as [Int: Double?]), (0, [0: 99, 4: 4, 7: 7]), (7, [0: 0, 4: 4, 7: 99]),
        // One that is not kept does not come back.
        (5, [0: 0, 4: 4, 7: 7]), (3, [0: 0, 4: 4, 7: 7]),
    ])
    func aPointOfAnEarlierStep(step: Int, expected: [Int: Double?]) async throws {
        #expect(try await Self.series(Self.eight + [(step, 99)]) == expected)
    }

    /// A first point of a window that comes late takes the place of the one that was.
    @Test func anEarlierPointOfAWindowReplacesTheLaterOne() async throws {
        #expect(try await Self.series([(2, 2), (6, 6), (5, 5), (1, 1)]) == [1: 1, 5: 5, 6: 6])
    }
}
