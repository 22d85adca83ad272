/// Which columns of a CSV file are read as what.
package struct CSVColumns: Sendable, Hashable {
    /// What a label column holds.
    package enum LabelType: String, Sendable, Hashable {
        /// Whole numbers, also written `1.0`.
        case int64
        case float32
    }

    /// The header's names.
    package let header: [String]
    /// The columns of numbers, in the order in which they make up a row.
    package let features: [Int]
    /// The label's column.
    package let label: Int?
    /// The label's type; nil: whole numbers when the first rows have nothing else.
    package let labelType: LabelType?
    /// The column of the rows' weights.
    package let weight: Int?

    /// Columns by their places in the header.
    package init(
        header: [String], features: [Int], label: Int?, labelType: LabelType? = nil, weight: Int? = nil
    ) {
        self.header = header
        self.features = features
        self.label = label
        self.labelType = labelType
        self.weight = weight
    }
}

/// What is wrong with a CSV file: at most one thing for each column, or one for the file.
package struct CSVError: Error, Sendable, Hashable {
    /// One thing.
    package struct Fault: Sendable, Hashable {
        /// The column's place in the header; nil when it is not a column's.
        package let column: Int?
        /// What is wrong.
        package let error: FormatError
    }

    /// At least one, in the order they were found.
    package let all: [Fault]
}

/// The numbers of a CSV file.
package struct CSVNumbers: Sendable {
    /// A label column.
    package enum Labels: Sendable, Hashable {
        case int64([Int64])
        case float32([Float])
    }

    /// The feature columns' numbers, row by row.
    package private(set) var features: [Float] = []
    /// The numbers of the column of weights; empty without one.
    package private(set) var weights: [Float] = []
    /// The label column's numbers.
    package var labels: Labels { labelsAreWhole ? .int64(wholeLabels) : .float32(fractions) }
    /// The rows below the header that were read.
    package private(set) var rows = 0
    /// Whether the file's end was reached.
    package private(set) var isComplete = false
    /// The line of the file on which each row begins; nil when each row has one line, the first the second.
    package private(set) var lines: [UInt32]?
    private let columns: CSVColumns
    private var labelsAreWhole: Bool
    private var wholeLabels: [Int64] = []
    private var fractions: [Float] = []
    private var faults: [CSVError.Fault] = []

    /// Reads the names in the first record. Throws `malformed` for a name that appears twice or an empty file; columns
    /// without a name are let through.
    package static func header(_ reader: CSVReader) throws(FormatError) -> [String] {
        var record = CSVRecord()
        guard try reader.next(into: &record) else {
            throw FormatError(.malformed, "is empty: a CSV file begins with a row of column names")
        }
        if record.isBlank {
            throw FormatError(.malformed, "begins with an empty line: a CSV file begins with a row of column names")
        }
        let names = (0..<record.count).map { record.text($0) }
        var seen: Set<String> = []
        for name in names where !name.isEmpty && !seen.insert(name).inserted {
            throw FormatError(.malformed, "has the column \(name.quotedForMessage) twice")
        }
        return names
    }

    /// Reads the rows below the header. Empty lines at the end are skipped.
    ///
    /// - Parameters:
    ///   - maximumRows: where to stop; default at the end.
    ///   - deciding: the rows that decide whether labels without a type are whole numbers; a later label must be what
    ///     they were. Also how far is read after a fault to find those of other columns.
    ///   - limit: bytes that the numbers may take.
    ///
    /// Throws `malformed` with row (counted from 1 below the header), line of the file and column for text in a number
    /// column, for a row with another number of fields than the header, and for an empty line before the end.
    package init(
        _ reader: CSVReader, _ columns: CSVColumns, maximumRows: Int = .max, deciding: Int, limit: Int = .max
    ) throws(CSVError) {
        self.columns = columns
        labelsAreWhole = columns.labelType != .float32
        do throws(FormatError) {
            try read(reader, maximumRows: maximumRows, deciding: deciding, limit: limit)
            if rows == 0, isComplete { throw FormatError(.malformed, "has no rows below its header") }
        } catch {
            faults.append(CSVError.Fault(column: nil, error: error))
        }
        if !faults.isEmpty { throw CSVError(all: faults) }
    }

    private mutating func read(
        _ reader: CSVReader, maximumRows: Int, deciding: Int, limit: Int
    ) throws(FormatError) {
        let rowBytes = 4 * columns.features.count + (columns.label == nil ? 0 : 8) + (columns.weight == nil ? 0 : 4)
        var record = CSVRecord()
        var emptyLine: Int?
        while rows < maximumRows, faults.isEmpty || rows < deciding {
            guard try reader.next(into: &record) else {
                isComplete = true
                break
            }
            if record.isBlank {
                emptyLine = emptyLine ?? record.line
                continue
            }
            if let emptyLine {
                throw FormatError(.malformed, "line \(emptyLine) is empty: only lines at the end of a file may be")
            }
            try append(record, deciding: deciding)
            if rows * rowBytes > limit {
                throw FormatError(.tooLarge, "holds more than the limit of \(limit) bytes of numbers")
            }
        }
    }

    private mutating func append(_ record: CSVRecord, deciding: Int) throws(FormatError) {
        rows += 1
        count(line: record.line)
        guard record.count == columns.header.count else {
            throw FormatError(
                .malformed,
                "row \(rows) (line \(record.line)) has \(record.count) fields, but the header has \(columns.header.count)"
            )
        }
        for column in columns.features { features.append(fraction(record, column)) }
        if let column = columns.weight { weights.append(fraction(record, column)) }
        guard let column = columns.label else { return }
        if labelsAreWhole { appendWhole(record, column, deciding) } else { fractions.append(fraction(record, column)) }
    }

    private mutating func appendWhole(_ record: CSVRecord, _ column: Int, _ deciding: Int) {
        let field = record[column]
        if columns.labelType == .int64 {
            let value = DecimalNumber.whole(field)
            if value == nil {
                let isNumber = DecimalNumber.float(field) != nil
                blame(record, column, isNumber ? "a whole number, as the number of a class is" : "a number")
            }
            wholeLabels.append(value ?? 0)
            return
        }
        if let value = DecimalNumber.int64(field) {
            wholeLabels.append(value)
        } else if DecimalNumber.float(field) == nil {
            blame(record, column, "a number")
        } else if rows <= deciding {
            labelsAreWhole = false
            fractions = wholeLabels.map { Float($0) }
            wholeLabels = []
            fractions.append(fraction(record, column))
        } else {
            blame(
                record, column,
                "a whole number, as the labels of the first \(deciding) rows are; dtypes can say that it is float32")
        }
    }

    /// A column's number; 0 for what is not a number, which is noted.
    private mutating func fraction(_ record: CSVRecord, _ column: Int) -> Float {
        let value = DecimalNumber.float(record[column])
        if value == nil { blame(record, column, "a number") }
        return value ?? 0
    }

    /// Keeps the rows' lines from the first row on whose line does not follow from its number.
    private mutating func count(line: Int) {
        if lines == nil, line == rows + 1 { return }
        if lines == nil { lines = (1..<rows).map { UInt32(clamping: $0 + 1) } }
        lines?.append(UInt32(clamping: line))
    }

    private mutating func blame(_ record: CSVRecord, _ column: Int, _ wanted: String) {
        if faults.contains(where: { $0.column == column }) || faults.count >= CSVNumbers.mostFaults { return }
        let error = FormatError(
            .malformed,
            "row \(rows) (line \(record.line)), column \(columns.header[column].quotedForMessage): "
                + "\(record.text(column).quotedForMessage) is not \(wanted)")
        faults.append(CSVError.Fault(column: column, error: error))
    }

    /// Columns whose faults are told.
    private static let mostFaults = 100
}
