import Formats

/// The names in the first row of a CSV file, held against the columns that were asked for.
struct CSVHeader {
    private let names: [String]
    private let definition: CSVDefinition
    private let pointer: JSONPointer
    private let places: [String: Int]

    /// A header; `pointer` is where the source's definition is.
    init(names: [String], _ definition: CSVDefinition, _ pointer: JSONPointer) {
        self.names = names
        self.definition = definition
        self.pointer = pointer
        places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The columns asked for. All that are not there are thrown together.
    func columns() throws(DatasetError) -> CSVColumns {
        var errors = try missing()
        let label = definition.label.flatMap { places[$0] }
        let weight = definition.weight.flatMap { places[$0] }
        var features: [Int] = []
        if let wanted = definition.features {
            features = wanted.compactMap { places[$0] }
        } else {
            features = names.indices.filter { $0 != label && $0 != weight }
            if let column = features.first(where: { names[$0].isEmpty }) {
                errors.append(
                    DatasetError(
                        .invalidData, pointer.appending("path"),
                        "\(definition.path): column \(column + 1) of \(names.count) has no name in the header; name the "
                            + "columns to use in features, or remove the comma too many"))
            }
        }
        if errors.isEmpty, features.isEmpty {
            errors.append(
                DatasetError(.mismatch, pointer.appending("features"), "no column is left for features"))
        }
        if let error = DatasetError(errors) { throw error }
        return CSVColumns(
            header: names, features: features, label: label, labelType: definition.labelType, weight: weight)
    }

    /// What is to be said of the columns asked for that are not there; throws where the header is not one of a CSV file.
    ///
    /// - Parameter skipsEmpty: whether an empty name is that of a column which could not be read.
    func missing(skipsEmpty: Bool = false) throws(DatasetError) -> [DatasetError] {
        try checkSeparator()
        var errors: [DatasetError] = []
        func check(_ name: String, _ member: JSONPointer) {
            guard places[name] == nil, !(skipsEmpty && name.isEmpty), errors.count < CSVHeader.mostFaults else {
                return
            }
            errors.append(missing(name, member, tellsAll: errors.isEmpty))
        }
        if let name = definition.label { check(name, pointer.appending("label")) }
        if let name = definition.weight { check(name, pointer.appending("sample_weight")) }
        for (index, name) in (definition.features ?? []).enumerated() {
            check(name, pointer.appending("features").appending(index))
        }
        for name in definition.typedColumns { check(name, pointer.appending("dtypes").appending(name)) }
        return errors
    }

    /// A header that is one column with another separator in it: what was asked for can't be there.
    private func checkSeparator() throws(DatasetError) {
        guard names.count == 1, let only = names.first else { return }
        let separators = [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
        guard let found = separators.first(where: { only.contains($0.0) }) else { return }
        throw DatasetError(
            .invalidData, pointer.appending("path"),
            "\(definition.path): its header \(only.quotedForMessage) is a single column; it seems to be separated by "
                + "\(found.1), but the columns of a CSV file are separated by commas")
    }

    private func missing(_ name: String, _ member: JSONPointer, tellsAll: Bool) -> DatasetError {
        let nearest = NearestName.of(name, among: names.lazy.prefix(1000))
        let all = tellsAll ? "; its header has \(names.quotedForMessage())" : ""
        return DatasetError(
            .mismatch, member,
            "\(definition.path) has no column \(name.quotedForMessage)"
                + all + (nearest.map { "; did you mean \($0.quotedForMessage)?" } ?? ""))
    }

    /// Missing columns that are told.
    private static let mostFaults = 100
}
