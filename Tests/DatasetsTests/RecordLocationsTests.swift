import Datasets
import Testing

@Suite struct RecordLocationsTests {
    @Test func rowsAndLinesCountFromOne() {
        #expect(RecordLocations().words(0) == "row 1")
        #expect(RecordLocations(file: "a.csv").words(2) == "row 3 of a.csv")
        #expect(RecordLocations(file: "a.csv", lines: .belowHeader).words(0) == "row 1 (line 2) of a.csv")
        let several = RecordLocations(file: "a.csv", lines: .each([2, 5]))
        #expect(several.words(1) == "row 2 (line 5) of a.csv")
        #expect(several.words(2) == "row 3 of a.csv")
    }
}
