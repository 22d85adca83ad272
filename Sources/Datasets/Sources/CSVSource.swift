import Formats

/// The records of a CSV file: `features`, a float32 vector of the feature columns, the label under its column's name (int64 or
/// float32, as its type was said, else int64 where the rows that a look reads are whole), and the weight under its own (float32).
struct CSVSource {
    let records: MemorySource
    let isComplete: Bool
    /// The labels that were read.
    let labels: LabelSample?

    /// Reads at most `maximumRows` rows. What is wrong with several columns is thrown together.
    init(
        _ definition: CSVDefinition, _ roots: DataRoots, maximumRows: Int, _ limits: SourceLimits
    ) throws(DatasetError) {
        let pointer = CSVSource.pointer
        let (reader, header) = try CSVSource.open(definition, roots)
        let columns = try header.columns()
        let numbers: CSVNumbers
        do {
            numbers = try CSVNumbers(
                reader, columns, maximumRows: maximumRows, deciding: limits.checkedRows, limit: limits.bytes)
        } catch {
            throw CSVSource.error(error, definition, columns, pointer)
        }
        isComplete = numbers.isComplete
        let lines = numbers.lines.map { RecordLocations.Lines.each($0) } ?? .belowHeader
        var arrays = [
            (
                name: "features",
                array: NDArray(numbers.features, shape: [numbers.rows, columns.features.count])
            )
        ]
        var places = [
            RecordLocations(file: definition.path, lines: lines, columns: columns.features.map { columns.header[$0] })
        ]
        if let label = columns.label {
            let array =
                switch numbers.labels {
                case .int64(let values): NDArray(values)
                case .float32(let values): NDArray(values)
                }
            arrays.append((columns.header[label], array))
            places.append(RecordLocations(file: definition.path, lines: lines, columns: [columns.header[label]]))
            labels = LabelSample(values: array, places: places[1])
        } else {
            labels = nil
        }
        if let weight = columns.weight {
            arrays.append((columns.header[weight], NDArray(numbers.weights)))
            places.append(RecordLocations(file: definition.path, lines: lines, columns: [columns.header[weight]]))
        }
        records = MemorySource(
            arrays, featureCount: 1, weightCount: columns.weight == nil ? 0 : 1, places: places)
    }

    private static let pointer = JSONPointer("source", "csv")

    /// The file behind its header, and the header.
    private static func open(
        _ definition: CSVDefinition, _ roots: DataRoots
    ) throws(DatasetError) -> (reader: CSVReader, header: CSVHeader) {
        let member = pointer.appending("path")
        let file = try roots.open(definition.path, for: member)
        do {
            let reader = CSVReader(try ByteStream(file))
            return (reader, CSVHeader(names: try CSVNumbers.header(reader), definition, pointer))
        } catch {
            throw DatasetError(error, of: definition.path, member)
        }
    }

    /// Looks at no more than whether the file has the columns that are named. Throws all that are missing together.
    static func checkNames(_ definition: CSVDefinition, _ roots: DataRoots) throws(DatasetError) {
        if let error = DatasetError(try open(definition, roots).header.missing(skipsEmpty: true)) { throw error }
    }

    /// The faults of columns, each at the member that named the column.
    private static func error(
        _ faults: CSVError, _ definition: CSVDefinition, _ columns: CSVColumns, _ pointer: JSONPointer
    ) -> DatasetError {
        let errors = faults.all.map { fault in
            var member = pointer.appending("path")
            if let column = fault.column {
                if definition.features != nil, let place = columns.features.firstIndex(of: column) {
                    member = pointer.appending("features").appending(place)
                } else if column == columns.label {
                    member = pointer.appending("label")
                } else if column == columns.weight {
                    member = pointer.appending("sample_weight")
                }
            }
            return DatasetError(fault.error, of: definition.path, member)
        }
        return DatasetError(errors)
            ?? DatasetError(.invalidData, pointer.appending("path"), "\(definition.path) can't be read")
    }
}
