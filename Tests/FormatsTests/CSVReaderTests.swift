import Formats
import Testing

@Suite struct CSVReaderTests {
    private func records(_ text: String) throws -> [[String]] {
        let reader = CSVReader(try ByteStream(openFile(Array(text.utf8))))
        var record = CSVRecord()
        var records: [[String]] = []
        while try reader.next(into: &record) { records.append((0..<record.count).map { record.text($0) }) }
        return records
    }

    static let readable: [(String, [[String]])] = [
        ("", []), ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]), ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("\"a\",\"b,c\"\n", [["a", "b,c"]]), ("\"a \"\"x\"\"\",\"\"\n", [["a \"x\"", ""]]),
        ("\"two\nlines\",1\n", [["two\nlines", "1"]]), (",\n", [["", ""]]), ("\n", [[""]]), ("\u{FEFF}a\n", [["a"]]),
        ("a,", [["a", ""]]), ("\"a\"", [["a"]]), (" a , b\n", [[" a ", " b"]]), ("é,ü\n", [["é", "ü"]]),
    ]

    @Test(arguments: readable) func reads(text: String, expected: [[String]]) throws {
        #expect(try records(text) == expected)
    }

    static let refused: [(String, String)] = [
        ("a\rb\n", "line 1: a carriage return is not followed by a line feed"),
        ("a\r", "line 1: a carriage return is not followed by a line feed"),
        ("x\n\"a\"b\n", "line 2: text follows a closing quote"),
        ("x\n\na\"b\n", "line 3: a quote is inside a field that does not begin with one"),
        ("x\n\"a\n\n", "line 2: the file ends inside quotes"),
    ]

    @Test(arguments: refused) func refuses(text: String, detail: String) {
        let error = #expect(throws: FormatError.self) { try records(text) }
        #expect(error?.detail == detail)
    }

    @Test func readsRecordsLongerThanItsBuffer() throws {
        let long = String(repeating: "x", count: 200_000)
        #expect(try records("\(long),1\n2,\"\(long)\"\n") == [[long, "1"], ["2", long]])
    }
}
