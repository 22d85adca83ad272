import CJobFields
package import Formats

/// The fields of a job's training part and of the classes that it names, as the readers ask for them: JSON Schema without
/// descriptions. The readers are another target's; a test holds the file against them.
package enum TrainingFields {
    /// The file.
    package static let all: JSON = {
        // unsafe: the bytes are constants of the program.
        let bytes = unsafe Array(
            UnsafeBufferPointer(start: tpud_job_fields(), count: tpud_job_fields_length()))
        guard let fields = try? JSON(parsing: bytes, limits: .own) else {
            // A test writes the file, and others read it.
            preconditionFailure("the file of a job's fields is JSON")
        }
        return fields
    }()

    /// Classes that have the same fields.
    struct Group {
        /// Their names.
        let names: [String]
        /// The schema of their configuration.
        let config: JSON
    }

    /// The tables of classes.
    static let tables = [
        "Layer", "Initializer", "Regularizer", "Constraint", "Loss", "Metric", "Optimizer", "Schedule",
    ]

    /// The classes of a table.
    static func groups(_ table: String) -> [Group] {
        (all[table]?.array ?? []).map { Group(names: strings($0["names"]), config: $0["config"] ?? [:]) }
    }

    /// A list of words.
    static func words(_ name: String) -> [String] { strings(all[name]) }

    private static func strings(_ json: JSON?) -> [String] { json?.array?.compactMap(\.string) ?? [] }
}
