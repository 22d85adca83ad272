import Formats
import OrderedCollections
import Testing

@Suite struct SpecErrorsTests {
    @Test func theFirstHundredAreKeptAndTheRestIsCounted() {
        var members: OrderedDictionary<String, JSON> = [:]
        for index in 0..<100_000 { members["field_\(index)"] = 1 }
        let faults = SpecErrors()
        let reader = ObjectReader(.object(members), faults: faults)
        reader.accept("field", "other")
        reader.finish()
        #expect(faults.all.count == 100 && faults.more == 99_900 && faults.count == 100_000)
        #expect(faults.all.count { $0.detail.contains("did you mean") } == 10)
    }

    @Test func theSameFaultCountsOnce() {
        let faults = SpecErrors()
        for _ in 0..<3 { faults.add(.root, "is wrong") }
        #expect(faults.count == 1 && faults.more == 0)
    }

    @Test func longNamesAndWordsAreCut() {
        let faults = SpecErrors()
        let name = String(repeating: "n", count: 1 << 20)
        faults.add(JSONPointer(tokens: ["model", name]), "is wrong")
        faults.add(JSONPointer(tokens: [name]), name)
        #expect(faults.all[0].pointer.description == "/model")
        #expect(faults.all[0].detail.contains("nnn") && faults.all[0].detail.hasSuffix("is wrong"))
        #expect(faults.all.allSatisfy { $0.description.utf8.count < 1500 })
    }

    /// The system's numbers are no faults of their own.
    @Test func theSystemsNumbersAreNoted() {
        let faults = SpecErrors()
        #expect(faults.systemErrors == [])
        for codes in [[], [5], [24, 5]] as [[Int32]] { faults.note(systemErrors: codes) }
        #expect(faults.systemErrors == [5, 24, 5])
        #expect(faults.isEmpty)
    }
}
