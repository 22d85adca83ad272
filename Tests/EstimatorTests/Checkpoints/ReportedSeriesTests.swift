import Estimator
import OrderedCollections
import Testing

@Suite struct ReportedSeriesTests {
    /// However many points come, few stay: the first, and the newest all.
    @Test func staysSmall() throws {
        var series = ReportedSeries()
        for step in 1...20_000 { series.add(loss: Double(step), step: step) }
        let steps = try #require(series.points["loss"]).map(\.step)
        #expect(steps.count < ReportedSeries.limit)
        #expect(steps == steps.sorted() && Set(steps).count == steps.count)
        #expect(Array(steps.suffix(500)) == Array(19_501...20_000))
        #expect(steps.first == 1)
    }

    /// Cut at any point and gone on with: the same.
    @Test func dependsOnItsPointsAlone() throws {
        func extend(_ series: inout ReportedSeries, _ steps: ClosedRange<Int>) {
            for step in steps {
                series.add(loss: 1 / Double(step), step: step)
                if step % 5 == 0 { series.add(.init(step: step, values: ["loss": 0.5, "accuracy": nil])) }
            }
        }
        var whole = ReportedSeries()
        extend(&whole, 1...6_000)
        let folder = try TemporaryFolder()
        let store = CheckpointStore(modelDirectory: folder.path)
        for cut in [1, 2_047, 2_048, 4_999] {
            var first = ReportedSeries()
            extend(&first, 1...cut)
            first.lastLoss = 0.1 + 0.2
            let checkpoint = Checkpoint(
                step: cut, variables: [], slots: [],
                state: SavedState(globalStep: cut, consumedBatches: cut, seed: 1, reported: first))
            _ = try store.save(checkpoint, reason: .interval)
            var back = try #require(try store.checkpoint(at: cut)).state.reported
            #expect(back == first)
            extend(&back, (cut + 1)...6_000)
            #expect(back.points == whole.points, "cut at \(cut)")
        }
    }
}
