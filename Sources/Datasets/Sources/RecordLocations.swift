/// Where the records of one element come from, in words. Rows count from 1.
package struct RecordLocations: Sendable, Hashable {
    /// The lines of a text file.
    package enum Lines: Sendable, Hashable {
        /// The file has none.
        case none
        /// Each record has one line, the first the second: the header's is the first.
        case belowHeader
        /// The line on which each record begins.
        case each([UInt32])
    }

    /// The file as it was asked for; nil for records from no file.
    package let file: String?
    /// The lines.
    package let lines: Lines
    /// The names of a record's numbers in order, where they have names.
    package let columns: [String]?

    /// Places by their parts; nothing is known by default.
    package init(file: String? = nil, lines: Lines = .none, columns: [String]? = nil) {
        self.file = file
        self.lines = lines
        self.columns = columns
    }

    /// "row 3 (line 4) of iris.csv", by the record's number from 0.
    package func words(_ record: Int) -> String {
        let line: Int? =
            switch lines {
            case .none: nil
            case .belowHeader: record + 2
            case .each(let lines): lines.indices.contains(record) ? Int(lines[record]) : nil
            }
        return "row \(record + 1)" + (line.map { " (line \($0))" } ?? "") + (file.map { " of \($0)" } ?? "")
    }
}
