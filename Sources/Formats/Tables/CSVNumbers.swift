/// Which columns of a CSV file are read as what.
package struct CSVColumns: Sendable, Hashable {
    /// The header's names.
    package let header: [String]
    /// The columns of numbers, in the order in which they make up a row.
    package let features: [Int]
    /// The label's column.
    package let label: Int?

    /// Columns by their places in the header.
    package init(header: [String], features: [Int], label: Int?) {
        self.header = header
        self.features = features
        self.label = label
    }
}

/// The numbers of a CSV file.
package struct CSVNumbers: Sendable {
    /// A label column: whole numbers when the first rows have nothing else.
    package enum Labels: Sendable, Hashable {
        case int64([Int64])
        case float32([Float])
    }

    /// The feature columns' numbers, row by row.
    package private(set) var features: [Float] = []
    /// The label column's numbers.
    package private(set) var labels: Labels = .int64([])
    /// The rows below the header that were read.
    package private(set) var rows = 0
    /// Whether the file's end was reached.
    package private(set) var isComplete = false
    private let columns: CSVColumns

    /// Reads the names in the first record. Throws `malformed` for a name that stands twice or an empty file.
    package static func header(_ reader: CSVReader) throws(FormatError) -> [String] {
        var record = CSVRecord()
        guard try reader.next(into: &record) else {
            throw FormatError(.malformed, "is empty: a CSV file begins with a row of column names")
        }
        let names = (0..<record.count).map { record.text($0) }
        var seen: Set<String> = []
        for name in names where !seen.insert(name).inserted {
            throw FormatError(.malformed, "has the column \(name.quotedForMessage) twice")
        }
        return names
    }

    /// Reads the rows below the header.
    ///
    /// - Parameters:
    ///   - maximumRows: where to stop; default at the end.
    ///   - deciding: the rows that decide whether labels are whole numbers; a later label must be what they were.
    ///   - limit: bytes that the numbers may take.
    ///
    /// Throws `malformed` with row (counted from 1 below the header), line of the file and column for text in a number
    /// column, and for a row with another number of fields than the header.
    package init(
        _ reader: CSVReader, _ columns: CSVColumns, maximumRows: Int = .max, deciding: Int, limit: Int = .max
    ) throws(FormatError) {
        self.columns = columns
        let rowBytes = 4 * columns.features.count + (columns.label == nil ? 0 : 8)
        var record = CSVRecord()
        while rows < maximumRows {
            guard try reader.next(into: &record) else {
                isComplete = true
                break
            }
            try append(record, deciding: deciding)
            if rows * rowBytes > limit {
                throw FormatError(.tooLarge, "holds more than the limit of \(limit) bytes of numbers")
            }
        }
        if rows == 0, isComplete { throw FormatError(.malformed, "has no rows below its header") }
    }

    private mutating func append(_ record: CSVRecord, deciding: Int) throws(FormatError) {
        rows += 1
        guard record.count == columns.header.count else {
            throw FormatError(
                .malformed,
                "row \(rows) (line \(record.line)) has \(record.count) fields, but the header has \(columns.header.count)"
            )
        }
        for column in columns.features {
            guard let value = DecimalNumber.float(record[column]) else { throw notANumber(record, column, "a number") }
            features.append(value)
        }
        guard let column = columns.label else { return }
        switch labels {
        case .int64(var values):
            labels = .int64([])
            if let value = DecimalNumber.int64(record[column]) {
                values.append(value)
                labels = .int64(values)
            } else if rows <= deciding, let value = DecimalNumber.float(record[column]) {
                labels = .float32(values.map { Float($0) } + [value])
            } else {
                let isNumber = DecimalNumber.float(record[column]) != nil
                throw notANumber(
                    record, column,
                    isNumber ? "a whole number, as the labels of the first \(deciding) rows are" : "a number")
            }
        case .float32(var values):
            guard let value = DecimalNumber.float(record[column]) else { throw notANumber(record, column, "a number") }
            labels = .float32([])
            values.append(value)
            labels = .float32(values)
        }
    }

    private func notANumber(_ record: CSVRecord, _ column: Int, _ wanted: String) -> FormatError {
        FormatError(
            .malformed,
            "row \(rows) (line \(record.line)), column \(columns.header[column].quotedForMessage): "
                + "\(record.text(column).quotedForMessage) is not \(wanted)")
    }
}
