import API
import Formats
import OrderedCollections
import Testing
import TestSupport

@Suite struct ListViewsTests {
    @Test(arguments: UInt64(0)..<20)
    func everySeriesCrossesTheWireAndBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var view = MetricsView(series: [:])
        for name in ["loss", "eval/accuracy", "ü~/"].prefix(generator.below(4)) {
            view.series[name] = (0..<generator.below(6)).map { step in
                MetricsView.Point(
                    step: step, value: generator.below(4) == 0 ? nil : Double(generator.below(1000)) / 7,
                    unixSeconds: Double(generator.below(1_000_000)) / 3)
            }
        }
        #expect(try MetricsView(wire: JSON(parsing: view.wire.serialized())) == view, "seed \(seed)")
    }

    @Test(
        arguments: [
            (["series": [1]], "/series", "is not an object"), ([:], "/series", "is missing"),
            (["series": ["loss": 1]], "/series/loss", "is not a list"),
            (["series": ["loss": [[1, 2]]]], "/series/loss/0", "is not a list of step, value and time"),
            (["series": ["loss": [[1, 2, 3, 4]]]], "/series/loss/0", "is not a list of step, value and time"),
            (["series": ["loss": [[1.5, 2, 3]]]], "/series/loss/0/0", "is not a whole number"),
            (["series": ["loss": [[1, "x", 3]]]], "/series/loss/0/1", "is not a number"),
            (["series": ["loss": [[1, 2, nil]]]], "/series/loss/0/2", "is not a number"),
        ] as [(JSON, String, String)])
    func aPointThatIsNotOneIsNamed(wire: JSON, pointer: String, detail: String) throws {
        let error = #expect(throws: APIError.self) { try MetricsView(wire: wire) }
        #expect(error == .unexpected(try #require(JSONPointer(pointer)), detail: detail))
    }

    @Test func theLastPageNamesNoNext() throws {
        #expect(JobPage(jobs: []).wire == ["jobs": [], "next_page_token": nil])
        #expect(QueueView([]).wire == ["jobs": [], "next_page_token": nil])
        #expect(EventList([]).wire == ["events": [], "next_seq": nil])
        #expect(try EventList(wire: ["events": [], "next_seq": 7]).nextSeq == 7)
        #expect(AttemptList([]).wire == ["attempts": []])
        #expect(throws: APIError.self) { try AttemptList(wire: ["attempt": []]) }
    }
}
