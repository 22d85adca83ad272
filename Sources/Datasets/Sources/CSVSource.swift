import Formats

/// The records of a CSV file: `features`, a float32 vector of the feature columns, and the label under its column's
/// name (int64 where whole, else float32; decided by the rows that a look reads).
struct CSVSource {
    let records: MemorySource
    let isComplete: Bool

    /// Reads at most `maximumRows` rows.
    init(
        _ definition: CSVDefinition, _ roots: DataRoots, maximumRows: Int, _ limits: SourceLimits
    ) throws(DatasetError) {
        let pointer = JSONPointer("source", "csv")
        let file = try roots.open(definition.path, for: pointer.appending("path"))
        let numbers: CSVNumbers
        let columns: CSVColumns
        do {
            let reader = CSVReader(try ByteStream(file))
            let header = try CSVNumbers.header(reader)
            columns = try CSVSource.columns(header, definition, pointer)
            numbers = try CSVNumbers(
                reader, columns, maximumRows: maximumRows, deciding: limits.checkedRows, limit: limits.bytes)
        } catch let error as FormatError {
            throw DatasetError(error, of: definition.path, pointer.appending("path"))
        } catch let error as DatasetError {
            throw error
        } catch {
            throw DatasetError(.unreadable, pointer.appending("path"), "\(definition.path) can't be read")
        }
        isComplete = numbers.isComplete
        var arrays = [
            (
                name: "features",
                array: NDArray(numbers.features, shape: [numbers.rows, columns.features.count])
            )
        ]
        if let label = columns.label {
            let array =
                switch numbers.labels {
                case .int64(let values): NDArray(values)
                case .float32(let values): NDArray(values)
                }
            arrays.append((columns.header[label], array))
        }
        records = MemorySource(arrays, featureCount: 1)
    }

    private static func columns(
        _ header: [String], _ definition: CSVDefinition, _ pointer: JSONPointer
    ) throws(DatasetError) -> CSVColumns {
        func place(_ name: String, _ pointer: JSONPointer) throws(DatasetError) -> Int {
            if let place = header.firstIndex(of: name) { return place }
            let nearest = NearestName.of(name, among: header)
            let hint = nearest.map { "; did you mean \"\($0)\"?" } ?? ""
            throw DatasetError(.mismatch, pointer, "\(definition.path) has no column \"\(name)\"\(hint)")
        }
        var label: Int?
        if let name = definition.label { label = try place(name, pointer.appending("label")) }
        var features: [Int] = []
        if let names = definition.features {
            for (index, name) in names.enumerated() {
                features.append(try place(name, pointer.appending("features").appending(index)))
            }
        } else {
            features = header.indices.filter { $0 != label }
        }
        guard !features.isEmpty else {
            throw DatasetError(.mismatch, pointer.appending("features"), "there is no column left for features")
        }
        return CSVColumns(header: header, features: features, label: label)
    }
}
