import Formats
import Testing

@Suite struct CSVNumbersTests {
    private func numbers(
        _ text: String, features: [Int] = [0, 1], label: Int? = 2, type: CSVColumns.LabelType? = nil,
        maximum: Int = .max,
        deciding: Int = 100
    ) throws -> CSVNumbers {
        let reader = CSVReader(try ByteStream(openFile(Array(text.utf8))))
        let header = try CSVNumbers.header(reader)
        do {
            return try CSVNumbers(
                reader, CSVColumns(header: header, features: features, label: label, labelType: type),
                maximumRows: maximum, deciding: deciding)
        } catch {
            throw try #require(error.all.first).error
        }
    }

    @Test func readsNumbers() throws {
        let whole = try numbers("a,b,c\n1, 2.5 ,3\n-1e-2,+.5,0\n")
        #expect(whole.features == [1, 2.5, -0.01, 0.5])
        #expect(whole.labels == .int64([3, 0]))
        #expect(whole.rows == 2)
        #expect(whole.isComplete)
        #expect(try numbers("a,b,c\n1,2,3\n1,2,3.5\n1,2,4\n").labels == .float32([3, 3.5, 4]))
        #expect(try numbers("a,b,c\n1,2,3\n", features: [2, 0], label: nil).features == [3, 1])
        #expect(whole.weights.isEmpty)
        let reader = CSVReader(try ByteStream(openFile(Array("a,b,c\n1,2,3\n4,5,6\n".utf8))))
        let columns = CSVColumns(header: try CSVNumbers.header(reader), features: [0], label: 2, weight: 1)
        let weighted = try CSVNumbers(reader, columns, deciding: 100)
        #expect(weighted.weights == [2, 5] && weighted.features == [1, 4] && weighted.labels == .int64([3, 6]))
        let cut = try numbers("a,b,c\n1,2,3\n1,2,3\nx,2,3\n", maximum: 2)
        #expect(cut.rows == 2)
        #expect(!cut.isComplete)
    }

    static let wrong: [(String, String)] = [
        ("", "is empty: a CSV file begins with a row of column names"), ("a,b,c\n", "has no rows below its header"),
        ("a,b,a\n1,2,3\n", "has the column \"a\" twice"),
        ("a,b,c\n1,2,3\n1,abc,3\n", "row 2 (line 3), column \"b\": \"abc\" is not a number"),
        ("a,b,c\n1,,3\n", "row 1 (line 2), column \"b\": \"\" is not a number"),
        ("a,b,c\n1,nan,3\n", "row 1 (line 2), column \"b\": \"nan\" is not a number"),
        ("a,b,c\n1,0x10,3\n", "row 1 (line 2), column \"b\": \"0x10\" is not a number"),
        ("a,b,c\n1,1e99,3\n", "row 1 (line 2), column \"b\": \"1e99\" is not a number"),
        ("a,b,c\n1,2,setosa\n", "row 1 (line 2), column \"c\": \"setosa\" is not a number"),
        ("a,b,c\n1,2\n", "row 1 (line 2) has 2 fields, but the header has 3"),
        ("a,b,c\n1,2,3\n\n1,2,3\n", "line 3 is empty: only lines at the end of a file may be"),
        ("\na,b,c\n1,2,3\n", "begins with an empty line: a CSV file begins with a row of column names"),
        ("a,b,c\n1,2,3\n1,2,3,4\n", "row 2 (line 3) has 4 fields, but the header has 3"),
        ("a,b,c\n1,2,\"x\ny\"\n1,2,3\n", "row 1 (line 2), column \"c\": \"x\\ny\" is not a number"),
    ]

    @Test(arguments: wrong) func refusesWhatIsNoNumber(text: String, detail: String) {
        let error = #expect(throws: FormatError.self) { try numbers(text) }
        #expect(error?.detail == detail)
    }

    @Test func laterLabelsAreWhatTheFirstWere() throws {
        let text = "a,b,c\n1,2,3\n1,2,4\n1,2,4.5\n"
        let error = #expect(throws: FormatError.self) { try numbers(text, deciding: 2) }
        #expect(
            error?.detail
                == "row 3 (line 4), column \"c\": \"4.5\" is not a whole number, as the labels of the first 2 rows are"
                + "; dtypes can say that it is float32")
        #expect(try numbers(text, type: .float32, deciding: 2).labels == .float32([3, 4, 4.5]))
    }

    @Test func wholeLabelsMayHaveAFractionOfZeros() throws {
        let text = "a,b,c\n1,2,0.0\n1,2,1e0\n1,2,+2.\n1,2,-3.00\n1,2,9007199254740993.0\n"
        #expect(try numbers(text, type: .int64).labels == .int64([0, 1, 2, -3, 9_007_199_254_740_993]))
        for wrong in ["2.9", "1e-1", "0.99999999999999999999", "1e99"] {
            let error = #expect(throws: FormatError.self) { try numbers("a,b,c\n1,2,\(wrong)\n", type: .int64) }
            #expect(error?.detail.contains("\"\(wrong)\" is not a") == true)
        }
        #expect(throws: FormatError.self) { try numbers("a,b,c\n1,2,nan\n", type: .int64) }
    }

    @Test(arguments: ["\n", "\n\n\n", "\r\n", " \n\t\n", "  "]) func emptyLinesAtTheEndAreSkipped(end: String) throws {
        let read = try numbers("a,b,c\n1,2,3\n4,5,6\n" + end)
        #expect(read.rows == 2)
        #expect(read.isComplete)
        #expect(try numbers("a\n1\n2\n" + end, features: [0], label: nil).features == [1, 2])
    }

    @Test func everyBadColumnIsTold() throws {
        let reader = CSVReader(try ByteStream(openFile(Array("a,b,c\nx,1,2\ny,z,2\n1,1,q\n".utf8))))
        let header = try CSVNumbers.header(reader)
        let faults = #expect(throws: CSVError.self) {
            try CSVNumbers(reader, CSVColumns(header: header, features: [0, 1], label: 2), deciding: 100)
        }
        #expect(faults?.all.map(\.column) == [0, 1, 2])
        #expect(
            faults?.all.map(\.error.detail) == [
                "row 1 (line 2), column \"a\": \"x\" is not a number",
                "row 2 (line 3), column \"b\": \"z\" is not a number",
                "row 3 (line 4), column \"c\": \"q\" is not a number",
            ])
    }

    @Test func knowsTheLinesOfRowsThatHaveSeveral() throws {
        #expect(try numbers("a,b,c\n1,2,3\n1,2,3\n").lines == nil)
        let text = "a,t,c\n1,x,3\n1,\"two\nlines\",3\n1,y,3\n"
        #expect(try numbers(text, features: [0]).lines == [2, 3, 5])
        #expect(try numbers("\"a\n\",b,c\n1,2,3\n").lines == [3])
    }
}
