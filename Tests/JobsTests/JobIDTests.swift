import Jobs
import Testing
import TestSupport

@Suite struct JobIDTests {
    @Test(arguments: UInt64(0)..<20)
    func textRoundTripsAndSortsAsTheIDs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let ids = (0..<200).map { _ in
            JobID(
                milliseconds: .random(in: 0..<(1 << 48), using: &generator),
                random: (.random(in: .min ... .max, using: &generator), .random(in: .min ... .max, using: &generator)))
        }
        for id in ids { #expect(JobID(id.description) == id, "seed \(seed)") }
        #expect(ids.sorted().map(\.description) == ids.map(\.description).sorted(), "seed \(seed)")
    }

    @Test func knownText() {
        let id = JobID(milliseconds: 1_469_918_176_385, random: (0, 1))
        #expect(id.description == "01aryz6s41" + "0000000000000001")
        #expect(id.milliseconds == 1_469_918_176_385)
        #expect(
            JobID(milliseconds: (1 << 48) - 1, random: (.max, .max)).description == "7"
                + String(repeating: "z", count: 25))
    }

    @Test(arguments: [
        "", "01arynjf01", "01ARYNJF010000000000000001", "81arynjf010000000000000001", "01arynjf01000000000000000u",
        "01arynjf010000000000000001x", "01arynjf01000000000000000é",
    ])
    func refusesWhatIsNoID(text: String) {
        #expect(JobID(text) == nil)
    }

    @Test func aSequenceGrowsInsideAMillisecondAndWhenTheClockStepsBack() {
        var generator = SeededGenerator(seed: 7)
        var sequence = JobIDSequence()
        let times: [Int64] = [5_000, 5_000, 5_999, 4_000, 0, 6_000, 6_000]
        let ids = times.map { sequence.next(at: Timestamp(microseconds: $0), using: &generator) }
        #expect(zip(ids, ids.dropFirst()).allSatisfy(<))
    }

    @Test func aSequenceGoesOnAfterTheLastStoredIDEvenWhenItsMillisecondIsFull() {
        var generator = SeededGenerator(seed: 7)
        let last = JobID(milliseconds: 9, random: (.max, .max))
        var sequence = JobIDSequence(after: last)
        let next = sequence.next(at: Timestamp(microseconds: 0), using: &generator)
        #expect(next > last)
        #expect(next.milliseconds == 10)
    }
}
