import Formats

/// Tables of numbers: the size of what is read at a time changes nothing, and what a check accepts can be read.
enum TableChecks {
    /// What reading a CSV file came to: numbers by their bits, as what is not a number is not even itself.
    private struct Table: Equatable {
        let features: [UInt32]
        let hasWholeLabels: Bool
        let labels: [Int64]
        let rows: Int
        let lines: [UInt32]?

        init(_ numbers: CSVNumbers) {
            features = numbers.features.map(\.bitPattern)
            switch numbers.labels {
            case .int64(let whole): (hasWholeLabels, labels) = (true, whole)
            case .float32(let fractions): (hasWholeLabels, labels) = (false, fractions.map { Int64($0.bitPattern) })
            }
            (rows, lines) = (numbers.rows, numbers.lines)
        }
    }

    static func csv(_ input: [UInt8]) -> String? {
        guard let file = MemoryFile(input), let table = table(file) else { return nil }
        for chunk in CSVReader.smallestChunk...max(CSVReader.smallestChunk, input.count) {
            guard self.table(file, chunk: chunk) == table else {
                return "it is another table \(chunk) bytes at a time"
            }
        }
        return nil
    }

    private static func table(_ file: borrowing MemoryFile, chunk: Int = 1 << 16) -> Table? {
        guard let file = file.opened(),
            let reader = (try? ByteStream(file)).map({ CSVReader($0, chunk: chunk) }),
            let header = try? CSVNumbers.header(reader)
        else { return nil }
        let columns = CSVColumns(header: header, features: Array(header.indices.dropLast()), label: header.indices.last)
        return (try? CSVNumbers(reader, columns, deciding: 4)).map(Table.init)
    }

    /// Bytes of elements that are read.
    private static let limit = 1 << 16

    static func idx(_ input: [UInt8]) -> String? {
        guard let bytes = MemoryFile(input), let file = bytes.opened(), let other = bytes.opened() else { return nil }
        let header = try? IDX.check(file, limit: limit)
        let array = try? IDX.read(other, limit: limit)
        guard header?.shape == array?.shape, header?.type == array?.type, header?.dataSize == array?.bytes.count else {
            return "checked as \(header.map { "\($0)" } ?? "none"), read as \(array?.shape.description ?? "none")"
        }
        return nil
    }
}
