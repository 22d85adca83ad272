import Datasets
import Formats
import Testing

@Suite struct CSVHeaderTests {
    /// What a file of that header and a row of ones is refused for.
    private func said(
        _ header: String, label: String? = nil, features: [String]? = nil, typed: [String] = []
    ) throws -> [String] {
        let folder = try TemporaryFolder()
        let ones = header.split(separator: ",", omittingEmptySubsequences: false).map { _ in "1" }
        try folder.write("a.csv", "\(header)\n\(ones.joined(separator: ","))\n")
        return refusal(
            .csv(.init(path: "a.csv", label: label, features: features, typedColumns: typed)), in: folder)
    }

    @Test func columnsThatAreThereAreTaken() throws {
        #expect(try said("a,b,c") == [])
        #expect(try said("a,b,c", label: "b", features: ["c"], typed: ["a", "b"]) == [])
        #expect(try said("a,b", label: "b", features: ["b"]) == [])
        // A single column is one; the comma is not the only character of a name.
        #expect(try said("a b") == [])
    }

    /// All that are missing are told together, and what there is, once.
    @Test func missingColumnsAreTold() throws {
        #expect(
            try said("a,b", label: "lable") == [
                "/source/csv/label: a.csv has no column \"lable\"; its header has \"a\", \"b\""
            ])
        #expect(
            try said("a,b", features: ["b", "A"]) == [
                "/source/csv/features/1: a.csv has no column \"A\"; its header has \"a\", \"b\"; did you mean \"a\"?"
            ])
        #expect(
            try said("height,b", label: "c", features: ["heigth", "b", "zzzzz"], typed: ["b", "d"]) == [
                "/source/csv/label: a.csv has no column \"c\"; its header has \"height\", \"b\"",
                "/source/csv/features/0: a.csv has no column \"heigth\"; did you mean \"height\"?",
                "/source/csv/features/2: a.csv has no column \"zzzzz\"",
                "/source/csv/dtypes/d: a.csv has no column \"d\"",
            ])
        #expect(
            try said("a,b", features: [""]).first?.hasPrefix("/source/csv/features/0: a.csv has no column \"\"") == true
        )
    }

    @Test func aWideHeaderIsToldInShort() throws {
        func words(_ columns: Int) throws -> String? {
            try said((1...columns).map { "c\($0)" }.joined(separator: ","), label: "label").first
        }
        let twenty = (1...20).map { "\"c\($0)\"" }.joined(separator: ", ")
        let start = "/source/csv/label: a.csv has no column \"label\"; its header has "
        #expect(try words(20) == start + twenty)
        #expect(try words(21) == start + twenty + " and 1 more")
        #expect(try words(500) == start + twenty + " and 480 more")
    }

    @Test func noMoreThanAHundredAreTold() throws {
        #expect(try said("a,b", features: (0..<100).map { "column \($0)" }).count == 100)
        #expect(try said("a,b", label: "none", features: (0..<5000).map { "column \($0)" }).count == 100)
    }

    /// A comma too many makes a column that nobody meant; it is no fault where the columns are named.
    @Test func aColumnWithoutANameIsToldWhereItWouldBeUsed() throws {
        let detail =
            "/source/csv/path: a.csv: column 3 of 3 has no name in the header; name the columns to use in features, or "
            + "remove the comma too many"
        #expect(try said("a,b,", label: "b") == [detail])
        #expect(try said("a,,", label: "a").first?.contains("column 2 of 3 has no name") == true)
        #expect(try said("a,b,", label: "b", features: ["a"]) == [])
        #expect(try said("a,b,", label: "") == [])
        #expect(
            try said("a,b,", label: "c") == [
                "/source/csv/label: a.csv has no column \"c\"; its header has \"a\", \"b\", \"\"",
                detail,
            ])
    }

    @Test func aFileHasAFeature() throws {
        let detail = "/source/csv/features: no column is left for features"
        #expect(try said("y", label: "y") == [detail])
        #expect(try said("a,y", label: "y", features: []) == [detail])
        #expect(try said("y", label: "z").count == 1)
    }

    @Test(arguments: [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")])
    func anotherSeparatorIsTold(separator: String, words: String) throws {
        let header = "a\(separator)b"
        let quoted = separator == "\t" ? "a\\tb" : header
        #expect(
            try said(header, label: "b") == [
                "/source/csv/path: a.csv: its header \"\(quoted)\" is a single column; it seems to be separated by \(words), "
                    + "but the columns of a CSV file are separated by commas"
            ])
        // With commas between them it is a name like any other.
        #expect(try said("\(header),c", label: "c") == [])
    }

    /// Where a part of the definition is at fault, a name that could not be read is not missed; the header is held all
    /// the same against the others.
    @Test func emptyNamesAreLeftOutOfAPartialLook() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "a,b\n1,2\n")
        func faults(_ features: [String], label: String? = nil) -> [String] {
            do {
                try PartialSource.csv(.init(path: "a.csv", label: label, features: features))
                    .check(DataRoots([folder.path]))
                return []
            } catch {
                return error.faults(at: .root).map { "\($0.pointer)" }
            }
        }
        #expect(faults(["", "a"]) == [])
        #expect(faults(["", "c"], label: "d") == ["/source/csv/label", "/source/csv/features/1"])
    }
}
